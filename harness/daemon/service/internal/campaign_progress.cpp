// SPDX-License-Identifier: Apache-2.0
#include "campaign_progress.hpp"

#include "campaign/event_text.hpp"

namespace tinyhil::daemon {

bool CampaignProgress::read(EventTail& tail) {
  bool is_new = false;
  while (const auto line = tail.next()) {
    is_new = true;
    if (line->name == "state") is_out_of_time_ = false;  // it was started again
    if (line->name == "out_of_time") is_out_of_time_ = true;
    if (line->name != "progressed") continue;
    const auto event = campaign::event_in_line(line->text);
    if (!event) continue;
    const auto& progressed = std::get<campaign::event::Progressed>(*event);
    latest_[{progressed.board, progressed.model}] = progressed;
  }
  return is_new;
}

BoardProgress CampaignProgress::boards() const {
  BoardProgress progress;
  for (const auto& [board_and_model, each] : latest_) progress.push_back(each);
  return progress;
}

}  // namespace tinyhil::daemon
