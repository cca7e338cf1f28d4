// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/fault.hpp"

namespace tinyhil::probe {

// Runs a program to its end, without a shell, with nothing to read; the caller waits. Faults: `refused` when
// it ends with another status than 0 or by a signal, `timeout` when it does not end within the limit, and
// then it is killed with all that it has started. The end of what it said is the evidence. Throws
// Error(bench_fault) when it cannot be started.
Result<void> run_program(const std::vector<std::string>& command, std::chrono::milliseconds limit);

}  // namespace tinyhil::probe
