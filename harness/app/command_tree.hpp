// SPDX-License-Identifier: Apache-2.0
// The program's commands and options, as its parser knows them, for what is generated from them: completion
// in shells and man pages.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "sim_options.hpp"

namespace tinyhil::app {

struct CommandOption {
  std::vector<std::string> names;  // "--store"; empty: a positional
  std::string value;               // "TEXT"; empty: a flag. Of a positional, its name
  std::string help;
  bool is_required = false;
};

struct CommandNode {
  std::vector<std::string> path;  // "sim", "probe"; empty: the program itself
  std::string help;
  std::vector<CommandOption> options;
  std::vector<std::string> subcommands;
};

// The program and every command below it, each before those below it.
std::vector<CommandNode> command_tree(const CLI::App& app);

std::string completion_script(const std::vector<CommandNode>& tree, const std::string& shell);
// One roff page of section 1 for a node.
std::string man_page(const CommandNode& node, const std::string& version);

// Adds `completion` and `man`; parsing one of them sets `action`. `app` outlives the action.
void add_completion(CLI::App& app, Action& action);

}  // namespace tinyhil::app
