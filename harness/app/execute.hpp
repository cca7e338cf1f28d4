// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "campaign/execution.hpp"

namespace tinyhil {

// An Execution from beginning to end, with its progress on stderr; Ctrl-C interrupts it.
void execute(const Inputs& inputs, const std::vector<const Board*>& boards, Store& store, RunRecord& run,
             EarlyStop& early);

}  // namespace tinyhil
