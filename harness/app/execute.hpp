// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "execution.hpp"

namespace tinyhil {

// An Execution from beginning to end, with its progress on stderr; Ctrl-C interrupts it.
void execute(const Inputs& inputs, const std::vector<const Board*>& boards, Store& store, std::int64_t run,
             EarlyStop& early);

}  // namespace tinyhil
