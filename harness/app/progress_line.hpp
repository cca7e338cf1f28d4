// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include "campaign/pace.hpp"
#include "campaign/run_events.hpp"

namespace tinyhil::app {

// What a run tells while it goes on. Of a model on all boards together: on a terminal one line of stderr that
// keeps changing, with how well the model answers so far, the rate and the time that is left; elsewhere one
// line when it is done.
class ProgressLine {
 public:
  explicit ProgressLine(std::size_t boards) : boards_(boards) {}
  void show(const campaign::RunEvent& event);

 private:
  void show_progress(const campaign::event::Progressed& progress);
  void rewrite(const std::string& line, bool is_final);

  std::size_t boards_;
  std::set<std::string> whole_;  // models whose line is done
  std::map<std::string, std::map<std::string, campaign::event::Progressed>> by_model_;  // model, board
  std::map<std::string, campaign::Pace> pace_;                                          // of each model
  std::size_t width_ = 0;  // of what stands in the line now
};

void tell_out_of_time();  // on the device

}  // namespace tinyhil::app
