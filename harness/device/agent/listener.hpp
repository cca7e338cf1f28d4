// SPDX-License-Identifier: Apache-2.0
// A line as a program that only listens sees it: text, frames of the agent, noise, told apart. Bounded.
//
//   listener.hear(bytes, [](const LineEvent& event) { print(event.kind, event.words); });
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "wire_traits.hpp"

namespace tinyhil::device {

struct LineEvent {
  enum class Kind { text, log, frame, noise };
  Kind kind = Kind::noise;
  std::string words;  // on one line, fit to be shown
};

const char* to_string(LineEvent::Kind kind);

class LineListener {
 public:
  using OnEvent = std::function<void(const LineEvent&)>;

  LineListener();

  void hear(std::span<const std::uint8_t> bytes, const OnEvent& on_event);
  void end(const OnEvent& on_event);  // what has begun and will not be ended

 private:
  void hear_stretch(std::span<const std::uint8_t> stretch, bool is_ended, const OnEvent& on_event);
  void tell_whole_lines(const OnEvent& on_event);
  void tell_rest(const OnEvent& on_event);

  std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(THIL_FRAME_RAW_MAX);
  thil_decoder decoder_{};
  std::vector<std::uint8_t> unended_;  // since the last zero, or the end of a line of text
};

}  // namespace tinyhil::device
