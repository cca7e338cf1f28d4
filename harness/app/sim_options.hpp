// SPDX-License-Identifier: Apache-2.0
// The command line of `tinyhil sim`.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "base/error.hpp"
#include "model/exit_code.hpp"

namespace tinyhil {

using Action = std::function<ExitCode()>;

// Adds `sim` and its subcommands; parsing one of them sets `action`.
void add_sim(CLI::App& app, Action& action);

}  // namespace tinyhil
