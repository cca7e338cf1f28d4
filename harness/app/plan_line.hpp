// SPDX-License-Identifier: Apache-2.0
// What `plan` says of the line to the board: bytes, and how long they take.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "campaign/inputs.hpp"
#include "campaign/line_estimate.hpp"
#include "commands.hpp"

namespace tinyhil::app {

struct PlannedLine {
  campaign::LineLoad load;
  campaign::LineLoad roomy;  // of a board that holds everything
  int baud = 115200;
  std::string baud_from;  // "bench.yaml", "--baud", "assumed, see --baud"
  bool slots_given = false;
};

// For all vectors of the set and all models of the campaign. `board`: the one of the bench that a run would
// take, if it is known. Throws Error(usage) when a vector does not fit the slots that are given, or that
// board's link is not what its driver takes.
PlannedLine plan_line(const campaign::Inputs& inputs, const LineOptions& options, const Board* board);

void print_line(const PlannedLine& line, const campaign::Inputs& inputs);
nlohmann::ordered_json json_of(const PlannedLine& line);

}  // namespace tinyhil::app
