// SPDX-License-Identifier: Apache-2.0
// Events out of the text of a stream, as browsers read it (WHATWG HTML, 9.2.6).
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/http/event_source.hpp"

namespace tinyhil::daemon {

class EventParser {
 public:
  static constexpr std::size_t kEventMost = 4UL * 1024 * 1024;  // bytes of one event

  explicit EventParser(std::string last_id = {}) : id_(std::move(last_id)) {}

  // false: an event is larger than that; the stream cannot be read any further.
  bool put(std::string_view text);
  // In order; an event without an id has the one before it. Nothing: more text is needed.
  std::optional<Event> next();

 private:
  void read_line(std::string_view line);
  void dispatch();

  std::string line_;  // what there is of it
  bool after_return_ = false;
  std::string id_;
  Event event_;
  bool has_text_ = false;
  std::deque<Event> ready_;
};

}  // namespace tinyhil::daemon
