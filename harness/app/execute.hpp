// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "early_stop.hpp"
#include "inputs.hpp"
#include "model/bench.hpp"
#include "store/store.hpp"

namespace tinyhil {

// Runs the campaign on the board, or on several at a time, each its share of the vectors, and stores what it
// yields under `run`, except what is stored there already. Ends early when every candidate is settled; on
// Ctrl-C and at the campaign's time limit, with Error(interrupted) or Error(time_limit); and when one of the
// boards fails, with its Error. What was whole by then is stored. Throws Error(usage) when the boards are not
// alike.
void execute(const Inputs& inputs, const std::vector<const Board*>& boards, Store& store, std::int64_t run,
             EarlyStop& early);

}  // namespace tinyhil
