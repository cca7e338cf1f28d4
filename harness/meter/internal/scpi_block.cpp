// SPDX-License-Identifier: Apache-2.0
#include "scpi_block.hpp"

#include <algorithm>

#include "base/visible.hpp"

namespace tinyhil::meter {

namespace {

bool is_decimal(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

}  // namespace

ScpiAnswer::ScpiAnswer(Kind kind, std::size_t most) : kind_(kind), most_(most) { content_.reserve(most); }

ScpiAnswer::State ScpiAnswer::feed(std::span<const std::uint8_t>& bytes) {
  while (state_ == State::more && !bytes.empty()) {
    const bool is_inside = kind_ == Kind::block && digits_ > 0 && head_ == 2 + digits_;
    if (!is_inside || content_.size() == length_) {
      take(bytes.front());
      bytes = bytes.subspan(1);
      continue;
    }
    const std::size_t size = std::min(length_ - content_.size(), bytes.size());
    content_.insert(content_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    bytes = bytes.subspan(size);
  }
  return state_;
}

void ScpiAnswer::take(std::uint8_t byte) {
  if (kind_ == Kind::line) return take_of_line(byte);
  if (head_ < 2 || head_ < 2 + digits_) return take_of_head(byte);
  state_ = byte == '\n' ? State::whole : State::broken;
}

void ScpiAnswer::take_of_line(std::uint8_t byte) {
  if (byte == '\n') {
    while (!content_.empty() && content_.back() == '\r') content_.pop_back();
    state_ = State::whole;
  } else if (content_.size() == most_) {
    state_ = State::broken;
  } else {
    content_.push_back(byte);
  }
}

// #0 is a block without a length, which only the end of the line ends: it could hold a line feed.
void ScpiAnswer::take_of_head(std::uint8_t byte) {
  const std::size_t at = head_++;
  if (at == 0) {
    if (byte != '#') state_ = State::broken;
    return;
  }
  if (!is_decimal(byte) || (at == 1 && byte == '0')) {
    state_ = State::broken;
    return;
  }
  const auto digit = static_cast<std::size_t>(byte - '0');
  if (at == 1) {
    digits_ = digit;
    return;
  }
  length_ = length_ * 10 + digit;
  if (length_ > most_) state_ = State::broken;
}

std::string ScpiAnswer::text() const {
  return visible_line({reinterpret_cast<const char*>(content_.data()), content_.size()});
}

}  // namespace tinyhil::meter
