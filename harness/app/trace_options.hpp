// SPDX-License-Identifier: Apache-2.0
// The command line of `tinyhil trace`.
#pragma once

#include <CLI/App.hpp>

#include "sim_options.hpp"

namespace tinyhil::app {

// Adds `trace` and its subcommands; parsing one of them sets `action`.
void add_trace(CLI::App& app, Action& action);

}  // namespace tinyhil::app
