// SPDX-License-Identifier: Apache-2.0
#include "new_options.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "commands.hpp"

namespace tinyhil::app {

void add_new(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("new", "make a folder with a campaign that runs, out of data and models");
  auto options = std::make_shared<NewOptions>();  // shared: lives as long as the parser's callbacks
  command->add_option("name", options->folder, "folder to make; its name is the campaign's")->required();
  command->add_option("--task", options->task, "what the models are to do")
      ->check(CLI::IsMember({"classification"}))
      ->capture_default_str();
  command->add_option("--from", options->data, "data: a vector file (.npz), or a table (.csv)")->required();
  command->add_option("--baseline", options->baseline, "model file that candidates are held against")
      ->required();
  command->add_option("--candidate", options->candidates, "model file that is to be judged; may be repeated")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--classes", options->classes,
                      "classes of a table in the order of the models' outputs, with commas between them "
                      "[numbers as they are, names by the alphabet]");
  command->callback([options, &action] { action = [options] { return new_command(*options); }; });
}

}  // namespace tinyhil::app
