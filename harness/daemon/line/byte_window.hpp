// SPDX-License-Identifier: Apache-2.0
// The part of a byte stream that the other end has not confirmed yet, by offsets from the stream's beginning,
// so that it can be sent again. Example:
//
//   window.append(bytes.substr(0, window.room()));
//   send(sent, window.from(sent, kMost));
//   if (!window.drop_to(confirmed)) fail();
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tinyhil::daemon {

class ByteWindow {
 public:
  explicit ByteWindow(std::size_t most) : most_(most) {}

  std::uint64_t begin() const { return begin_; }  // the offset of the first byte that is still here
  std::uint64_t end() const { return begin_ + size(); }
  std::size_t size() const { return bytes_.size() - dropped_; }
  std::size_t room() const { return most_ - size(); }

  void append(std::string_view bytes);  // at most room()
  // All before this offset has arrived. false: such an offset was not sent, or was confirmed before.
  bool drop_to(std::uint64_t offset);
  bool has(std::uint64_t offset) const { return offset >= begin_ && offset <= end(); }
  // Valid until the next change. `offset`: one that it has.
  std::string_view from(std::uint64_t offset, std::size_t most) const;

 private:
  std::size_t most_;
  std::string bytes_;
  std::size_t dropped_ = 0;  // at its beginning
  std::uint64_t begin_ = 0;
};

}  // namespace tinyhil::daemon
