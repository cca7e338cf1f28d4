// SPDX-License-Identifier: Apache-2.0
// Bytes of a connection in, one request out: Beast's parser, with our bounds, and without a socket. What
// stands on the wire twice, or says in two ways how long the body is, is refused. Example:
//
//   RequestReader reader(kHeaderMost);
//   buffer.erase(0, reader.put(buffer));            // again with more bytes, until ...
//   if (reader.stage() == ReadStage::body) reader.allow_body(route.body_most);
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "read_stage.hpp"

namespace tinyhil::daemon {

class RequestReader {
 public:
  explicit RequestReader(std::size_t header_most);
  ~RequestReader();

  // How many of the bytes were used; the others are to be given again, with what comes behind them.
  std::size_t put(std::string_view bytes);

  // In the stage `body` it waits for allow_body(), or for more bytes.
  ReadStage stage() const { return stage_; }
  int failure() const { return failure_; }  // 400, 413 or 431
  bool is_empty() const;                    // not a byte has come yet

  // From here on: the header is read.
  void allow_body(std::size_t most);
  std::string_view method() const;  // of any name
  std::string_view target() const;
  bool keep_alive() const;
  bool has_body() const;                        // a length above zero, or chunks
  std::optional<std::uint64_t> length() const;  // bytes, as announced
  std::size_t count(std::string_view name) const;
  std::string_view value(std::string_view name) const;  // of the first of this name; empty: none
  std::string take_body();                              // when whole, once
  std::string take_piece();                             // of the body, what has come since the last call

 private:
  struct Parser;
  void fail(int status);
  std::size_t put_once(std::string_view bytes);
  bool is_consistent() const;

  std::unique_ptr<Parser> parser_;
  std::size_t header_left_;  // bytes that the header may still take
  ReadStage stage_ = ReadStage::header;
  int failure_ = 0;
  bool body_allowed_ = false;
};

}  // namespace tinyhil::daemon
