// SPDX-License-Identifier: Apache-2.0
// What the parser of the command line did not understand, told with what is nearest to it.
#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <span>

#include "base/error.hpp"

namespace tinyhil::app {

// The first command or option of these arguments (without the program's name) that `app` does not have;
// nothing when it has all of them. Words after `--`, and values of options, are not looked at.
std::optional<Error> unknown_word(const CLI::App& app, std::span<const char* const> arguments);

}  // namespace tinyhil::app
