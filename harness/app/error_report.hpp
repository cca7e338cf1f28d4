// SPDX-License-Identifier: Apache-2.0
// How an Error ends a command: three lines for people on stderr and, with --json, one document
// on stdout.
#pragma once

#include <string>

#include "base/error.hpp"

namespace tinyhil::app {

// Was `--json` among the arguments, before a `--`?
bool asks_for_json(int argc, const char* const* argv);

void report_error(const Error& error, bool json);
void report_internal_error(const std::string& what, bool json);
// What the parser of the command line says on stderr by itself.
void report_usage_error(const std::string& what, bool json);

}  // namespace tinyhil::app
