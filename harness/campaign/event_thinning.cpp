// SPDX-License-Identifier: Apache-2.0
#include "event_thinning.hpp"

namespace tinyhil::campaign {

std::vector<RunEvent> EventThinning::next(const RunEvent& event, Time now) {
  const auto* progress = std::get_if<event::Progressed>(&event);
  if (progress == nullptr) {
    std::vector<RunEvent> events = held_back();
    events.push_back(event);
    return events;
  }
  const auto [found, is_first] = told_.try_emplace({progress->board, progress->model}, Told{now, {}});
  Told& told = found->second;
  if (!is_first && now - told.at < pause_) {
    told.held_back = *progress;
    return {};
  }
  told = {now, {}};
  return {event};
}

std::vector<RunEvent> EventThinning::held_back() {
  std::vector<RunEvent> events;
  for (auto& [of, told] : told_) {
    if (told.held_back) events.emplace_back(*told.held_back);
    told.held_back.reset();
  }
  return events;
}

}  // namespace tinyhil::campaign
