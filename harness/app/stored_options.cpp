// SPDX-License-Identifier: Apache-2.0
#include "stored_options.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "commands.hpp"

namespace tinyhil::app {

namespace {

void add_runs(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("runs", "list the runs of a store, newest first");
  auto options = std::make_shared<RunsOptions>();  // shared: lives as long as the parser's callbacks
  command->add_option("--store", options->store, "results database, only read")->capture_default_str();
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return runs_command(*options); }; });
}

void add_failures(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("failures",
                                     "list the vectors that a stored run's candidates do not answer right, "
                                     "first those that the baseline does");
  auto options = std::make_shared<FailuresOptions>();
  command->add_option("run", options->run, "number of the stored run [the store's latest]");
  command->add_option("--store", options->store, "results database, only read")->capture_default_str();
  command->add_option("--campaign", options->campaign, "campaign file [that by which the run began]");
  command->add_option("--model", options->model, "only this candidate [all of the run]");
  command->add_option("--limit", options->limit, "list at most so many vectors of each candidate")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return failures_command(*options); }; });
}

}  // namespace

void add_stored(CLI::App& app, Action& action) {
  add_runs(app, action);
  add_failures(app, action);
}

}  // namespace tinyhil::app
