// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "command_tree.hpp"

namespace tinyhil::app {

namespace {

// As roff prints it: backslashes, hyphens, and no line that begins with a request.
std::string roff(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\')
      escaped += "\\\\";
    else if (c == '-')
      escaped += "\\-";
    else if (c == '\n')
      escaped += ' ';
    else if ((c == '.' || c == '\'') && escaped.empty())
      escaped += std::string("\\&") + c;
    else
      escaped += c;
  }
  return escaped;
}

std::string name_of(const CommandNode& node, const std::string& between) {
  std::string name = "tinyhil";
  for (const std::string& word : node.path) name += between + word;
  return name;
}

bool is_positional(const CommandOption& option) { return option.names.empty(); }

std::string synopsis(const CommandNode& node) {
  std::string text = ".B " + roff(name_of(node, " ")) + '\n';
  const bool has_options = !std::all_of(node.options.begin(), node.options.end(), is_positional);
  if (has_options) text += "[\\fIoptions\\fR]\n";
  if (!node.subcommands.empty()) text += "\\fIcommand\\fR ...\n";
  for (const CommandOption& option : node.options)
    if (is_positional(option)) {
      const std::string word = "\\fI" + roff(option.value) + "\\fR";
      text += (option.is_required ? word : '[' + word + ']') + '\n';
    }
  return text;
}

std::string tagged(const std::string& tag, const std::string& help) {
  return ".TP\n" + tag + '\n' + roff(help) + '\n';
}

std::string options(const CommandNode& node) {
  std::string text;
  for (const CommandOption& option : node.options) {
    std::string tag;
    for (const std::string& name : option.names)
      tag += (tag.empty() ? "" : ", ") + ("\\fB" + roff(name) + "\\fR");
    if (!option.value.empty()) tag += (tag.empty() ? "" : " ") + ("\\fI" + roff(option.value) + "\\fR");
    text += tagged(tag, option.help);
  }
  return text;
}

}  // namespace

std::string man_page(const CommandNode& node, const std::string& version) {
  std::string title = name_of(node, "-");
  std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string text =
      fmt::format(".TH {} 1 \"\" \"tinyhil {}\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}", roff(title),
                  roff(version), roff(name_of(node, "-")), roff(node.help), synopsis(node));
  if (!node.options.empty()) text += ".SH OPTIONS\n" + options(node);
  if (!node.subcommands.empty()) {
    text += ".SH COMMANDS\n";
    for (const std::string& each : node.subcommands)
      text += fmt::format(".PP\n\\fB{}\\fR(1)\n", roff(name_of(node, "-") + '-' + each));
  }
  text +=
      ".SH EXIT STATUS\n0 pass, 1 fail, 2 usage, 3 inconclusive, 4 bench fault, 5 waived, 6 wrong image, 7 "
      "no board in "
      "time, 8 lease lost, 74 output, 75 queue full, 124 time limit, 129 hung up, 130 interrupted.\n";
  return text;
}

}  // namespace tinyhil::app
