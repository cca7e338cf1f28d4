// SPDX-License-Identifier: Apache-2.0
// Completion scripts for shells. Each knows the words that may come after a command; where a file may come,
// the shell completes files.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "base/write_file.hpp"
#include "campaign/version.hpp"
#include "command_tree.hpp"

namespace tinyhil::app {

namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::vector<std::string> words_after(const CommandNode& node) {
  std::vector<std::string> words = node.subcommands;
  for (const CommandOption& option : node.options)
    words.insert(words.end(), option.names.begin(), option.names.end());
  return words;
}

// Of a command: its words, and those of its path that are commands themselves.
std::string cases(const std::vector<CommandNode>& tree) {
  std::string text;
  for (const CommandNode& node : tree)
    text += fmt::format("    '{}') words='{}' ;;\n", joined(node.path, " "), joined(words_after(node), " "));
  return text;
}

std::string bash_script(const std::vector<CommandNode>& tree) {
  return "# tinyhil completion for bash\n_tinyhil() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} path='' word words\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    [[ $word == -- ]] && { COMPREPLY=($(compgen -c -f -- \"$current\")); return; }\n"
         "    [[ $word == -* ]] && continue\n"
         "    case \"${path:+$path }$word\" in\n      " +
         [&] {
           std::vector<std::string> paths;
           for (const CommandNode& node : tree)
             if (!node.path.empty()) paths.push_back('\'' + joined(node.path, " ") + '\'');
           return joined(paths, " | ");
         }() +
         ") path=${path:+$path }$word ;;\n    esac\n  done\n  case $path in\n" + cases(tree) +
         "  esac\n"
         "  if [[ $current == -* || $path == '' ]]; then COMPREPLY=($(compgen -W \"$words\" -- "
         "\"$current\"))\n"
         "  else COMPREPLY=($(compgen -W \"$words\" -f -- \"$current\")); fi\n"
         "}\ncomplete -o filenames -F _tinyhil tinyhil\n";
}

std::string quoted_for_fish(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return quoted + '\'';
}

std::string fish_script(const std::vector<CommandNode>& tree) {
  std::string text = "# tinyhil completion for fish\n";
  for (const CommandNode& node : tree) {
    std::string when = node.path.empty() ? "__fish_use_subcommand" : "";
    for (const std::string& word : node.path)
      when += (when.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
    for (const std::string& word : node.subcommands)
      for (const CommandNode& below : tree)
        if (below.path.size() == node.path.size() + 1 && below.path.back() == word &&
            std::equal(node.path.begin(), node.path.end(), below.path.begin()))
          text += fmt::format("complete -c tinyhil -n '{}' -f -a {} -d {}\n", when, word,
                              quoted_for_fish(below.help));
    for (const CommandOption& option : node.options)
      for (const std::string& name : option.names)
        if (name.starts_with("--"))
          text += fmt::format("complete -c tinyhil -n '{}' -l {} {}-d {}\n", when, name.substr(2),
                              option.value.empty() ? "" : "-r ", quoted_for_fish(option.help));
  }
  return text;
}

ExitCode print_page(const std::vector<CommandNode>& tree, const std::vector<std::string>& path) {
  const auto node =
      std::find_if(tree.begin(), tree.end(), [&](const CommandNode& each) { return each.path == path; });
  if (node == tree.end())
    throw Error(ErrorKind::usage, "there is no command `" + joined(path, " ") + '`', "tinyhil man",
                "see `tinyhil --help`");
  fmt::print("{}", man_page(*node, campaign::kVersion));
  return ExitCode::pass;
}

ExitCode write_pages(const std::vector<CommandNode>& tree, const std::filesystem::path& folder) {
  for (const CommandNode& node : tree) {
    const std::string name = node.path.empty() ? "tinyhil" : "tinyhil-" + joined(node.path, "-");
    write_file(folder / (name + ".1"), man_page(node, campaign::kVersion));
  }
  return ExitCode::pass;
}

}  // namespace

std::string completion_script(const std::vector<CommandNode>& tree, const std::string& shell) {
  if (shell == "bash") return bash_script(tree);
  if (shell == "fish") return fish_script(tree);
  return "#compdef tinyhil\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(tree);
}

void add_completion(CLI::App& app, Action& action) {
  auto* completion = app.add_subcommand("completion", "print a completion script for a shell");
  auto shell = std::make_shared<std::string>();
  completion->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([&app, shell, &action] {
    action = [&app, shell] {
      fmt::print("{}", completion_script(command_tree(app), *shell));
      return ExitCode::pass;
    };
  });
  auto* man = app.add_subcommand("man", "print the man page of a command, or of the program");
  auto path = std::make_shared<std::vector<std::string>>();
  auto folder = std::make_shared<std::filesystem::path>();
  auto* command = man->add_option("command", *path, "such as: sim probe");
  man->add_option("--all", *folder, "write the pages of all commands into this folder")->excludes(command);
  man->callback([&app, path, folder, &action] {
    action = [&app, path, folder] {
      const std::vector<CommandNode> tree = command_tree(app);
      return folder->empty() ? print_page(tree, *path) : write_pages(tree, *folder);
    };
  });
}

}  // namespace tinyhil::app
