// SPDX-License-Identifier: Apache-2.0
// `tinyhil run --daemon`: a campaign on boards of a daemon. It behaves as a run on a board here does: the
// same mistakes are refused before a board is touched, the same progress, results in the same store, the same
// reports and exit code. Ctrl-C stops it, and --resume goes on.
#pragma once

#include <CLI/App.hpp>

#include "commands.hpp"

namespace tinyhil::app {

// The options of `run` that belong to it.
void add_run_by_daemon(CLI::App& command, RunOptions& options);

// Whether a daemon runs it: one that --daemon names, or TINYHIL_DAEMON where no bench is named. Throws
// Error(usage) when both are meant.
void choose_daemon(RunOptions& options);

ExitCode run_by_daemon(const RunOptions& options);

}  // namespace tinyhil::app
