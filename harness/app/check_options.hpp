// SPDX-License-Identifier: Apache-2.0
// The command line of `check`.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "model/exit_code.hpp"

namespace tinyhil::app {

void add_check(CLI::App& app, std::function<ExitCode()>& action);

}  // namespace tinyhil::app
