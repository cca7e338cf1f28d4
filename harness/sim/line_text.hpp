// SPDX-License-Identifier: Apache-2.0
// An application that prints on the line that its agent speaks on: before frames, in the middle of frames,
// and while it boots. Frames end with a zero; what is printed depends on the stream's bytes alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tinyhil::sim {

struct PrintedText {
  std::uint64_t before = 0;          // each n-th frame; 0: none
  std::uint64_t inside = 0;          // likewise
  std::string line = {};             // what is printed; empty: a line as a log has them
  std::string banner = {};           // printed when the board is switched on
  std::chrono::nanoseconds boot{0};  // so long it hears nothing, and what it says waits
};

class LineText {
 public:
  explicit LineText(PrintedText printed);

  // What is printed before this byte of the board's; mostly nothing.
  std::string_view before(std::uint8_t byte);
  const PrintedText& printed() const { return printed_; }

 private:
  std::string_view next_line();

  PrintedText printed_;
  std::string line_;          // being printed
  std::uint64_t frames_ = 0;  // begun
  std::uint64_t lines_ = 0;
  std::size_t size_ = 0;  // of the frame so far, without delimiters
  bool in_frame_ = false;
};

}  // namespace tinyhil::sim
