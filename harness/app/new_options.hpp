// SPDX-License-Identifier: Apache-2.0
// The command line of `tinyhil new`.
#pragma once

#include <CLI/App.hpp>

#include "sim_options.hpp"

namespace tinyhil::app {

// Adds it; parsing it sets `action`.
void add_new(CLI::App& app, Action& action);

}  // namespace tinyhil::app
