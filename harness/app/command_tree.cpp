// SPDX-License-Identifier: Apache-2.0
#include "command_tree.hpp"

namespace tinyhil::app {

namespace {

CommandOption option_of(const CLI::Option& option) {
  CommandOption described;
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  if (option.get_positional())
    described.value = option.get_name();
  else if (option.get_items_expected_max() > 0)
    described.value = "VALUE";
  described.help = option.get_description();
  described.is_required = option.get_required();
  return described;
}

void add_node(std::vector<CommandNode>& tree, const CLI::App& app, const std::vector<std::string>& path) {
  CommandNode node{path, app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options())
    if (!option->get_group().empty())
      node.options.push_back(option_of(*option));  // else for our own processes
  const std::vector<const CLI::App*> below =
      app.get_subcommands([](const CLI::App* /*any*/) { return true; });
  for (const CLI::App* each : below) node.subcommands.push_back(each->get_name());
  tree.push_back(std::move(node));
  for (const CLI::App* each : below) {
    std::vector<std::string> longer = path;
    longer.push_back(each->get_name());
    add_node(tree, *each, longer);
  }
}

}  // namespace

std::vector<CommandNode> command_tree(const CLI::App& app) {
  std::vector<CommandNode> tree;
  add_node(tree, app, {});
  return tree;
}

}  // namespace tinyhil::app
