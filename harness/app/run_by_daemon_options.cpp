// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "failed_attempts.hpp"
#include "run_by_daemon.hpp"

namespace tinyhil::app {

void add_run_by_daemon(CLI::App& command, RunOptions& options) {
  command.add_option(
      "--daemon", options.daemon,
      "run on boards of this daemon, such as unix:/run/tinyhil/daemon.sock [TINYHIL_DAEMON, where "
      "no bench is named]");
  command.add_option("--on", options.selector,
                     "which of the daemon's boards will do, such as chip=stm32f4 [any]");
  command.add_option("--boards", options.board_count, "so many of them at most divide the vectors [1]")
      ->check(CLI::Range(1, 64));
  command
      .add_option("--retries", options.retries,
                  "of a daemon's run that fails for the bench's sake, so many at most, on another board "
                  "where there is one [1]")
      ->check(CLI::Range(0, 10));
  command.add_option("--priority", options.priority, "low, normal or high, among those that wait for them")
      ->check(CLI::IsMember({"low", "normal", "high"}))
      ->capture_default_str();
  // For the daemon's own child processes.
  command.add_option("--within", options.within)->group("");
  command.add_option("--events", options.events)->group("");
  command.add_option("--seed", options.seed)->group("");
  command
      .add_option_function<std::filesystem::path>("--failed-attempts",
                                                  [&options](const std::filesystem::path& file) {
                                                    options.failed_attempts = load_failed_attempts(file);
                                                  })
      ->group("");
}

void choose_daemon(RunOptions& options) {
  const char* named = std::getenv("TINYHIL_DAEMON");
  const char* leased = std::getenv("TINYHIL_BENCH");
  const bool has_bench = options.bench.has_value() || !options.boards.empty() || options.all_boards;
  if (options.daemon.empty()) {
    if (named != nullptr && !has_bench && !options.within) options.daemon = named;
  } else if (options.all_boards || (options.bench && (leased == nullptr || *options.bench != leased))) {
    throw Error(ErrorKind::usage, "a bench and a daemon are named; the daemon has benches of its own",
                "command line", "leave --bench and --all-boards out, or --daemon");
  }
  if (options.daemon.empty() && options.retries)
    throw Error(ErrorKind::usage, "--retries is for a daemon's boards, and none is named", "command line",
                "name it with --daemon, or leave --retries out");
  if (options.daemon.empty() && (!options.selector.empty() || options.board_count != 1))
    throw Error(ErrorKind::usage, "--on and --boards choose among a daemon's boards, and none is named",
                "command line", "name it with --daemon, or name boards of the bench with --board");
}

}  // namespace tinyhil::app
