// SPDX-License-Identifier: Apache-2.0
#include "event_parser.hpp"

#include <algorithm>
#include <utility>

namespace tinyhil::daemon {

bool EventParser::put(std::string_view text) {
  for (const char character : text) {
    const bool second_half = after_return_ && character == '\n';  // of a CR LF
    after_return_ = character == '\r';
    if (second_half) continue;
    if (character != '\n' && character != '\r') {
      line_ += character;
      if (line_.size() + event_.text.size() > kEventMost) return false;
      continue;
    }
    read_line(line_);
    line_.clear();
  }
  return true;
}

void EventParser::read_line(std::string_view line) {
  if (line.empty()) return dispatch();
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view field = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  if (field == "id" && value.find('\0') == std::string_view::npos) id_ = value;
  if (field == "event") event_.name = value;
  if (field != "data") return;
  if (has_text_) event_.text += '\n';
  event_.text += value;
  has_text_ = true;
}

void EventParser::dispatch() {
  Event event = std::exchange(event_, {});
  event.id = id_;
  if (std::exchange(has_text_, false)) ready_.push_back(std::move(event));
}

std::optional<Event> EventParser::next() {
  if (ready_.empty()) return std::nullopt;
  Event event = std::move(ready_.front());
  ready_.pop_front();
  return event;
}

}  // namespace tinyhil::daemon
