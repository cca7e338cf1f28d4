// SPDX-License-Identifier: Apache-2.0
// How far a campaign's run is, as its events tell it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "campaign/run_events.hpp"
#include "daemon/campaigns/internal/event_tail.hpp"

namespace tinyhil::daemon {

using BoardProgress = std::vector<campaign::event::Progressed>;  // the latest of each board and model

class CampaignProgress {
 public:
  // Takes what there is by now; false: nothing new.
  bool read(EventTail& tail);
  BoardProgress boards() const;
  bool is_out_of_time() const { return is_out_of_time_; }  // on the device

 private:
  std::map<std::pair<std::string, std::string>, campaign::event::Progressed> latest_;
  bool is_out_of_time_ = false;
};

}  // namespace tinyhil::daemon
