// SPDX-License-Identifier: Apache-2.0
// Bytes of a connection in, one response out: Beast's parser, without a socket. What has come of the body can
// be taken before it is whole.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/http/route.hpp"
#include "read_stage.hpp"

namespace tinyhil::daemon {

class ResponseReader {
 public:
  explicit ResponseReader(std::size_t body_most);  // bytes; 0: no bound, for whoever takes it in parts
  ~ResponseReader();

  std::size_t put(std::string_view bytes);  // as RequestReader::put
  void end();                               // the server has closed

  ReadStage stage() const { return stage_; }
  bool got_some() const { return got_some_; }  // a byte has come
  bool keep_alive() const;
  // From the stage `body` on: all but the body, which take_body() has so far. Interim responses are skipped.
  Reply header() const;
  std::string take_body();

 private:
  struct Parser;
  void renew();

  std::size_t body_most_;
  std::unique_ptr<Parser> parser_;
  ReadStage stage_ = ReadStage::header;
  std::size_t header_bytes_ = 0;  // of all headers, also of interim responses
  bool got_some_ = false;
};

}  // namespace tinyhil::daemon
