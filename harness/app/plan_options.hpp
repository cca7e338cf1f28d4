// SPDX-License-Identifier: Apache-2.0
// The command lines of `plan` and `simulate`.
#pragma once

#include <CLI/CLI.hpp>

#include "sim_options.hpp"

namespace tinyhil::app {

void add_plan(CLI::App& app, Action& action);
void add_simulate(CLI::App& app, Action& action);

}  // namespace tinyhil::app
