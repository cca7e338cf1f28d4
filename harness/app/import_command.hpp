// SPDX-License-Identifier: Apache-2.0
// The command lines of `tinyhil import`.
#pragma once

#include <CLI/App.hpp>

#include "sim_options.hpp"

namespace tinyhil::app {

// Parsing it sets `action`.
void add_import(CLI::App& app, Action& action);

}  // namespace tinyhil::app
