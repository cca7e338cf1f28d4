// SPDX-License-Identifier: Apache-2.0
#include "flash_templates.hpp"

#include <algorithm>
#include <functional>

namespace tinyhil::probe {

namespace {

// One word of a template, and whether it stands in brackets: then `group` counts them, from 1 on.
struct Word {
  std::string text;
  int group = 0;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  int groups = 0;
  bool is_inside = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text = text.substr(std::min(end + 1, text.size()));
    if (word.starts_with('[')) {
      is_inside = true;
      ++groups;
      word.remove_prefix(1);
    }
    const bool is_last = is_inside && word.ends_with(']');
    if (is_last) word.remove_suffix(1);
    words.push_back({std::string(word), is_inside ? groups : 0});
    if (is_last) is_inside = false;
  }
  return words;
}

// Calls `put` for plain text and `key` for each `{key}`.
void for_parts(std::string_view word, const std::function<void(std::string_view)>& put,
               const std::function<void(std::string_view)>& key) {
  while (!word.empty()) {
    const std::size_t open = word.find('{');
    const std::size_t close = open == std::string_view::npos ? open : word.find('}', open);
    if (close == std::string_view::npos) return put(word);
    put(word.substr(0, open));
    key(word.substr(open + 1, close - open - 1));
    word = word.substr(close + 1);
  }
}

std::optional<std::string> filled_word(const std::string& word, const FlashValues& values) {
  std::string text;
  bool is_whole = true;
  for_parts(
      word, [&](std::string_view plain) { text += plain; },
      [&](std::string_view key) {
        const auto value = values.find(std::string(key));
        is_whole = is_whole && value != values.end();
        if (value != values.end()) text += value->second;
      });
  return is_whole ? std::optional(text) : std::nullopt;
}

void note_keys(std::string_view words, FlashKeys& keys) {
  for (const Word& word : words_of(words)) {
    for_parts(
        word.text, [](std::string_view) {},
        [&](std::string_view name) {
          const std::string key(name);
          const auto has = [&key](const std::vector<std::string>& list) {
            return std::ranges::find(list, key) != list.end();
          };
          if (key == "image" || key == "script" || key == "erase" || has(keys.required)) return;
          if (word.group == 0) {
            std::erase(keys.optional, key);
            keys.required.push_back(key);
          } else if (!has(keys.optional)) {
            keys.optional.push_back(key);
          }
        });
  }
}

constexpr const char* kJLink =
    "-NoGui 1 -ExitOnError 1 -AutoConnect 1 -If SWD -Speed 4000 -Device {chip} [-SelectEmuBySN {serial}] "
    "-CommandFile {script}";

}  // namespace

const std::vector<FlashTemplate>& flash_templates() {
  static const std::vector<FlashTemplate> all = {
      {"probe-rs", "probe-rs", "--chip-erase",
       "download --chip {chip} [--probe {serial}] [--binary-format {format}] [--base-address {address}] "
       "[{erase}] {image}",
       "", "reset --chip {chip} [--probe {serial}]", "", false},
      {"jlink", "JLinkExe", "erase", kJLink, "r\n[{erase}]\nloadfile \"{image}\" [{address}]\nr\ng\nexit\n",
       kJLink, "r\ng\nexit\n", true},
      {"pyocd", "pyocd", "chip",
       "flash --no-wait --target {chip} [--uid {serial}] [--erase {erase}] [--format {format}] "
       "[--base-address {address}] "
       "{image}",
       "", "reset --no-wait --target {chip} [--uid {serial}]", "", true},
      {"stm32cube", "STM32_Programmer_CLI", "all",
       "-c port=SWD [sn={serial}] [-e {erase}] -w {image} [{address}] -v -rst", "",
       "-c port=SWD [sn={serial}] -rst", "", true},
      {"esptool", "esptool", "--erase-all",
       "--chip {chip} --port {port} [--baud {baud}] write_flash [{erase}] {address} {image}", "",
       "--chip {chip} --port {port} read_mac", "", true},
      {"west", "west", "--erase",
       "flash --build-dir {build} --skip-rebuild [{erase}] [--runner {runner}] [--dev-id {serial}] "
       "[--{format}-file "
       "{image}]",
       "", "", "", true},
  };
  return all;
}

FlashKeys keys_of(const FlashTemplate& tool) {
  FlashKeys keys;
  for (const std::string& words : {tool.flash, tool.reset}) note_keys(words, keys);
  for (const std::string& script : {tool.flash_script, tool.reset_script}) {
    std::string words = script;
    std::ranges::replace(words, '\n', ' ');
    note_keys(words, keys);
  }
  return keys;
}

std::optional<std::vector<std::string>> filled(std::string_view words, const FlashValues& values) {
  const std::vector<Word> all = words_of(words);
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < all.size();) {
    std::vector<std::string> group;
    bool is_whole = true;
    const int number = all[i].group;
    do {
      const std::optional<std::string> word = filled_word(all[i].text, values);
      is_whole = is_whole && word.has_value();
      group.push_back(word.value_or(""));
      ++i;
    } while (number != 0 && i < all.size() && all[i].group == number);
    if (!is_whole && number == 0) return std::nullopt;
    if (is_whole) arguments.insert(arguments.end(), group.begin(), group.end());
  }
  return arguments;
}

}  // namespace tinyhil::probe
