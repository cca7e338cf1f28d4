// SPDX-License-Identifier: Apache-2.0
// The command line of what goes to a board by its debug probe: flash, reset, memory, core.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "base/error.hpp"
#include "model/exit_code.hpp"

namespace tinyhil::app {

void add_probe_commands(CLI::App& app, std::function<ExitCode()>& action);

}  // namespace tinyhil::app
