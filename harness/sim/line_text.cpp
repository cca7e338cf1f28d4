// SPDX-License-Identifier: Apache-2.0
#include "line_text.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace tinyhil::sim {

namespace {

constexpr std::size_t kInside = 9;  // bytes of a frame before the text in its middle

bool is_due(std::uint64_t frame, std::uint64_t every) { return every > 0 && frame % every == 0; }

}  // namespace

LineText::LineText(PrintedText printed) : printed_(std::move(printed)) {}

// Without a line of the user's one that differs from line to line, as a log's does.
std::string_view LineText::next_line() {
  ++lines_;
  if (!printed_.line.empty()) return printed_.line;
  std::array<char, 64> text{};
  const double seconds = static_cast<double>(lines_) * 0.137;
  std::snprintf(text.data(), text.size(), "[%8.3f] I (app): still here, line %llu\r\n", seconds,
                static_cast<unsigned long long>(lines_));
  line_ = text.data();
  return line_;
}

// A frame begins with its leading zero, or where a board sends none with its first byte.
std::string_view LineText::before(std::uint8_t byte) {
  if (!in_frame_) {
    in_frame_ = true;
    size_ = byte == 0 ? 0 : 1;
    return is_due(++frames_, printed_.before) ? next_line() : std::string_view();
  }
  if (byte == 0) {
    in_frame_ = size_ == 0;  // two zeros in a row: it has yet to begin
    return {};
  }
  ++size_;
  return size_ == kInside && is_due(frames_, printed_.inside) ? next_line() : std::string_view();
}

}  // namespace tinyhil::sim
