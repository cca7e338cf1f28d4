// SPDX-License-Identifier: Apache-2.0
#include "imported_bench.hpp"

#include <fmt/format.h>

#include <set>

#include "base/visible.hpp"
#include "board_name.hpp"
#include "quoted.hpp"

namespace tinyhil::app {

namespace {

constexpr std::size_t kLabelMost = 63;   // characters of a name or a value
constexpr std::size_t kLabelsMost = 32;  // of a board

std::string in_quotes(const std::string& text) { return quoted(visible_line(text)); }

std::string labels_text(const ImportedBoard& board) {
  std::string text;
  for (const auto& [key, value] : board.labels)
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key, in_quotes(value));
  return text;
}

std::string text_of(const ImportedBoard& board, const std::string& name) {
  std::string text;
  for (const std::string& note : board.notes) text += "  # " + visible_line(note) + "\n";
  const std::string before = board.link.empty() ? "  # " : "  ";
  text += before + "- name: " + name + "\n";
  text += before + "  provenance: real\n";
  if (!board.labels.empty()) text += before + "  labels: {" + labels_text(board) + "}\n";
  text += before + "  link: " + (board.link.empty() ? "{driver: serial, port: PORT}" : board.link) + "\n";
  return text;
}

// A selector can name it.
bool is_word(const std::string& text) { return !text.empty() && board_name_from(text) == text; }

}  // namespace

std::string text_if_any(const Section& section, const std::string& key) {
  for (const auto& [name, value] : section.entries())
    if (name == key && !value.empty()) return section.text(key);
  return "";
}

std::string bench_text(const std::vector<ImportedBoard>& boards, const std::string& origin) {
  std::string text = "# Written by tinyhil import from " + visible_line(origin) +
                     "; `tinyhil boards` greets these boards.\nbench: imported\nboards:\n";
  std::set<std::string> used;
  for (const ImportedBoard& board : boards)
    text += text_of(board, unused_name(board_name_from(board.name), used));
  return text;
}

void add_label(ImportedBoard& board, const std::string& key, const std::string& value) {
  const std::set<std::string> ours{"board", "bench", "driver", "provenance"};
  const std::string name = ours.contains(key) ? "imported_" + key : key;
  const bool fits = is_word(name) && is_word(value) && name.size() <= kLabelMost &&
                    value.size() <= kLabelMost && board.labels.size() < kLabelsMost;
  if (fits) {
    board.labels.emplace(name, value);
  } else {
    board.notes.push_back(key + ": " + value);
  }
}

std::string serial_link(const std::string& port, const std::optional<std::int64_t>& baud) {
  const std::string rate = baud ? fmt::format(", baud: {}", *baud) : "";
  return "{driver: serial, port: " + in_quotes(port) + rate + "}";
}

}  // namespace tinyhil::app
