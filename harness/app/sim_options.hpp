// SPDX-License-Identifier: Apache-2.0
// The command line of `tinyhil sim`.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "base/error.hpp"
#include "model/exit_code.hpp"

namespace tinyhil::app {

using Action = std::function<ExitCode()>;

// Adds `sim` and its subcommands; parsing one of them sets `action`.
void add_sim(CLI::App& app, Action& action);

// One of them, with many options of its own.
void add_lpm01a_command(CLI::App& sim, Action& action);
void add_ppk2_command(CLI::App& sim, Action& action);
void add_probe_command(CLI::App& sim, Action& action);

}  // namespace tinyhil::app
