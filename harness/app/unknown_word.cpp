// SPDX-License-Identifier: Apache-2.0
#include "unknown_word.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/nearest.hpp"

namespace tinyhil::app {

namespace {

bool has_positionals(const CLI::App& app) {
  return std::ranges::any_of(app.get_options(),
                             [](const CLI::Option* option) { return option->get_positional(); });
}

// Those that people use: hidden ones are in no group.
std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* each :
       app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    names.push_back(each->get_name());
  return names;
}

const CLI::App* command_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* each : app.get_subcommands([](const CLI::App* /*any*/) { return true; }))
    if (each->get_name() == name) return each;
  return nullptr;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

bool knows_short(const CLI::App& app, char letter) {
  return std::ranges::any_of(app.get_options(), [&](const CLI::Option* option) {
    return std::ranges::find(option->get_snames(), std::string(1, letter)) != option->get_snames().end();
  });
}

bool is_unknown_option(const CLI::App& app, const std::string& word) {
  if (!word.starts_with("--")) return word.size() > 1 && !knows_short(app, word[1]);
  const std::vector<std::string> known = options_of(app);
  return std::ranges::find(known, word) == known.end();
}

struct Unknown {
  std::string noun;  // "command"
  std::string word;
  std::vector<std::string> known;
};

Error error_of(const Unknown& unknown, const std::string& called) {
  const auto near = nearest(unknown.word, unknown.known);
  const std::string of = called == "tinyhil" ? "" : " of `" + called + "`";
  return Error(ErrorKind::usage, "there is no " + unknown.noun + " `" + unknown.word + "`" + of,
               "command line",
               (near ? "did you mean `" + *near + "`? " : "") + "`" + called + " --help` lists them all");
}

}  // namespace

std::optional<Error> unknown_word(const CLI::App& app, std::span<const char* const> arguments) {
  const CLI::App* command = &app;
  std::string called = "tinyhil";
  for (const std::string argument : arguments) {
    if (argument == "--") return std::nullopt;
    const std::string word = argument.substr(0, argument.find('='));
    const bool is_number = word.size() > 1 && word[0] == '-' && word.find_first_of("0123456789") == 1;
    if (word.starts_with('-') && word != "-" && !is_number) {
      if (is_unknown_option(*command, word)) return error_of({"option", word, options_of(*command)}, called);
      continue;
    }
    const std::vector<std::string> commands = commands_of(*command);
    const CLI::App* below = command_named(*command, word);
    if (below == nullptr && !commands.empty() && !has_positionals(*command))
      return error_of({"command", word, commands}, called);
    if (below == nullptr) continue;
    command = below;
    called += " " + word;
  }
  return std::nullopt;
}

}  // namespace tinyhil::app
