// SPDX-License-Identifier: Apache-2.0
// The command lines of what lists stored results: `tinyhil runs` and `tinyhil failures`.
#pragma once

#include <CLI/App.hpp>

#include "sim_options.hpp"

namespace tinyhil::app {

// Adds both; parsing one of them sets `action`.
void add_stored(CLI::App& app, Action& action);

}  // namespace tinyhil::app
