// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "campaign/run_events.hpp"

namespace tinyhil::app {

// Of a model on all boards together: on a terminal one line of stderr that keeps changing; elsewhere one line
// when it is done.
class ProgressLine {
 public:
  explicit ProgressLine(std::size_t boards) : boards_(boards) {}
  void show(const campaign::event::Progressed& progress);

 private:
  std::size_t boards_;
  std::map<std::string, std::map<std::string, campaign::event::Progressed>> by_model_;  // model, board
};

}  // namespace tinyhil::app
