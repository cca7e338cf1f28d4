// SPDX-License-Identifier: Apache-2.0
// How other programs put firmware on a board, as data: one entry a program. Pure.
//
// A template is words, one argument each. `{chip}` stands for what the user has set under this key, `{image}`
// for the firmware's file and `{script}` for a file with the script. Words in brackets are left out when a
// key in them is not set; all others have to be.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil::probe {

struct FlashTemplate {
  std::string tool;     // `tool` in a bench
  std::string program;  // looked up in PATH
  std::string erase;    // what `erase` stands for where all flash is to be erased first
  std::string flash;
  std::string flash_script;  // lines; empty: it takes none
  std::string reset;         // empty: it cannot
  std::string reset_script;
  bool resets_after_flash;  // on its own
};

const std::vector<FlashTemplate>& flash_templates();

using FlashValues = std::map<std::string, std::string>;

// The keys that the user has to set, or may: in the order of the template, without `image`,
// `script` and `erase`.
struct FlashKeys {
  std::vector<std::string> required;
  std::vector<std::string> optional;
};
FlashKeys keys_of(const FlashTemplate& tool);

// The arguments. A value stays within its word, whatever it holds. Nothing when a key outside of brackets is
// missing.
std::optional<std::vector<std::string>> filled(std::string_view words, const FlashValues& values);

}  // namespace tinyhil::probe
