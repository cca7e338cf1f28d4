// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "early_stop.hpp"
#include "inputs.hpp"
#include "model/bench.hpp"
#include "store/store.hpp"

namespace tinyhil {

// Runs the campaign on the board and stores what it yields under `run`, except what is stored there already.
// Ends early when every candidate is settled; on Ctrl-C and at the campaign's time limit, with
// Error(interrupted) or Error(time_limit); what was whole by then is stored.
void execute(const Inputs& inputs, const Board& board, Store& store, std::int64_t run, EarlyStop& early);

}  // namespace tinyhil
