// SPDX-License-Identifier: Apache-2.0
// Progress is told as often as results arrive, thousands of times a second; who writes it down or sends it
// over a network wants less. Nothing else is left out, and no figure is: the latest progress of every board
// is told before whatever comes after it.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "campaign/run_events.hpp"

namespace tinyhil::campaign {

class EventThinning {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Of a board and model, progress is told once in `pause`.
  explicit EventThinning(std::chrono::milliseconds pause) : pause_(pause) {}

  // What is to be told now, in this order: often nothing, or the event, or what was held back and the event.
  std::vector<RunEvent> next(const RunEvent& event, Time now);

 private:
  struct Told {
    Time at;
    std::optional<event::Progressed> held_back;
  };

  std::vector<RunEvent> held_back();

  std::chrono::milliseconds pause_;
  std::map<std::pair<std::string, std::string>, Told> told_;  // by board and model
};

}  // namespace tinyhil::campaign
