// SPDX-License-Identifier: Apache-2.0
// What application and engine said through the agent (thil_log), newest last. Bounded.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "device/agent/wire_traits.hpp"

namespace tinyhil::device {

const char* log_level_name(std::uint8_t level);  // "warning"; "level 9" is "note"

struct LogLine {
  std::uint8_t level = 0;  // thil_log_level
  std::string text;        // of the device: not yet fit to be shown
};

class LogLines {
 public:
  void hear(const FrameView& frame);  // a malformed one says nothing

  // On one line, "" when there are none: "the board says: warning: arena nearly full; 12 more before".
  std::string words() const;
  std::uint64_t count() const { return count_; }

 private:
  std::deque<LogLine> newest_;
  std::uint64_t count_ = 0;
};

}  // namespace tinyhil::device
