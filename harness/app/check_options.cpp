// SPDX-License-Identifier: Apache-2.0
#include "check_options.hpp"

#include <memory>

#include "commands.hpp"

namespace tinyhil::app {

void add_check(CLI::App& app, std::function<ExitCode()>& action) {
  auto* command = app.add_subcommand(
      "check", "what of a model the reference engine, or a board, does not run: all of it at once");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("model", options->models, ".tflite file; several may be named");
  command->add_option("--bench", options->bench, "bench file, for what the board has room for")
      ->envname("TINYHIL_BENCH");
  command->add_option("--board", options->board, "board of the bench [its first]")->envname("TINYHIL_BOARD");
  command->add_flag("--operators", options->operators, "list the operators that the engine runs");
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &action] { action = [options] { return check_command(*options); }; });
}

}  // namespace tinyhil::app
