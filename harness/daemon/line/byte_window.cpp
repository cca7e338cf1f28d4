// SPDX-License-Identifier: Apache-2.0
#include "byte_window.hpp"

#include <cassert>

namespace tinyhil::daemon {

void ByteWindow::append(std::string_view bytes) {
  assert(bytes.size() <= room());
  bytes_ += bytes;
}

// What is dropped is moved over once it is the larger part.
bool ByteWindow::drop_to(std::uint64_t offset) {
  if (!has(offset)) return false;
  dropped_ += static_cast<std::size_t>(offset - begin_);
  begin_ = offset;
  if (dropped_ <= bytes_.size() / 2) return true;
  bytes_.erase(0, dropped_);
  dropped_ = 0;
  return true;
}

std::string_view ByteWindow::from(std::uint64_t offset, std::size_t most) const {
  assert(has(offset));
  return std::string_view(bytes_).substr(dropped_ + static_cast<std::size_t>(offset - begin_), most);
}

}  // namespace tinyhil::daemon
