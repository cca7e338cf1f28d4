// SPDX-License-Identifier: Apache-2.0
#include "log_lines.hpp"

#include "base/visible.hpp"

namespace tinyhil::device {

namespace {

constexpr std::size_t kKept = 5;

}  // namespace

const char* log_level_name(std::uint8_t level) {
  switch (level) {
    case THIL_LOG_ERROR:
      return "error";
    case THIL_LOG_WARNING:
      return "warning";
    case THIL_LOG_INFO:
      return "info";
    case THIL_LOG_DEBUG:
      return "debug";
    default:
      return "note";
  }
}

void LogLines::hear(const FrameView& frame) {
  const auto log = unpack<thil_log>(frame);
  if (!log) return;
  newest_.push_back({log->level, {log->text.chars, log->text.size}});
  if (newest_.size() > kKept) newest_.pop_front();
  ++count_;
}

std::string LogLines::words() const {
  if (newest_.empty()) return "";
  std::string words = "the board says: ";
  for (const LogLine& line : newest_) {
    if (&line != &newest_.front()) words += "; ";
    words += std::string(log_level_name(line.level)) + ": " + visible_line(line.text);
  }
  if (count_ > newest_.size()) words += "; " + std::to_string(count_ - newest_.size()) + " more before";
  return words;
}

}  // namespace tinyhil::device
