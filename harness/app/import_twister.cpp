// SPDX-License-Identifier: Apache-2.0
// Hardware maps as Zephyr's `twister --generate-hardware-map` writes them and people extend them.
#include <fmt/format.h>

#include "formats/section.hpp"
#include "imported_bench.hpp"

namespace tinyhil::app {

namespace {

constexpr std::int64_t kBaudMost = 12'000'000;

// Platforms that one board serves, separated by blanks or as a list: "nrf52840dk/nrf52840".
std::vector<std::string> platforms_of(const Section& entry) {
  std::vector<std::string> platforms;
  for (const std::string& text : entry.texts("platform")) {
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      if (end > begin) platforms.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return platforms;
}

// Zephyr's board, its chip, and what is left: "nrf5340dk/nrf5340/cpuapp".
void add_platform(ImportedBoard& board, const std::vector<std::string>& platforms) {
  if (platforms.empty()) return;
  const std::string& first = platforms.front();
  const std::size_t slash = first.find('/');
  add_label(board, "platform", first.substr(0, slash));
  if (slash != std::string::npos)
    add_label(board, "chip", first.substr(slash + 1, first.find('/', slash + 1) - slash - 1));
  for (const std::string& platform : platforms) board.notes.push_back("platform: " + platform);
}

void add_flashing(ImportedBoard& board, const Section& entry) {
  const std::string runner = text_if_any(entry, "runner");
  const std::string probe = text_if_any(entry, entry.has("probe_id") ? "probe_id" : "id");
  if (!probe.empty()) add_label(board, "probe", probe);
  if (runner.empty()) return;
  board.notes.push_back(fmt::format(
      "programmed by west; to have tinyhil do it, add flash: {{tool: west, build: FOLDER, runner: {}{}}}",
      runner, probe.empty() ? "" : ", serial: \"" + probe + "\""));
}

void add_line(ImportedBoard& board, const Section& entry) {
  std::optional<std::int64_t> baud;
  if (entry.has("baud")) baud = entry.integer("baud", 1, kBaudMost);
  const std::string program = text_if_any(entry, "serial_pty");
  const std::string port = text_if_any(entry, "serial");
  if (!program.empty()) {
    board.notes.push_back("its line is a program, which a bench starts as {driver: process}: " + program);
  } else if (port.empty()) {
    board.notes.push_back("no serial port is known of it; fill in PORT");
  } else {
    board.link = serial_link(port, baud);
  }
}

ImportedBoard board_of_map(const Section& entry) {
  const std::vector<std::string> platforms = platforms_of(entry);
  ImportedBoard board;
  board.name = platforms.empty() ? text_if_any(entry, "product")
                                 : platforms.front().substr(0, platforms.front().find('/'));
  add_platform(board, platforms);
  if (const std::string product = text_if_any(entry, "product"); !product.empty())
    add_label(board, "product", product);
  for (const std::string& fixture : entry.texts("fixtures"))
    add_label(board, "fixture_" + fixture.substr(0, fixture.find(':')), "yes");
  add_flashing(board, entry);
  add_line(board, entry);
  if (entry.has("connected") && !entry.boolean("connected", true)) {
    board.notes.push_back("not connected when the map was written");
    board.link.clear();
  }
  return board;
}

}  // namespace

std::vector<ImportedBoard> import_twister(const std::filesystem::path& map) {
  std::vector<ImportedBoard> boards;
  for (const Section& entry : Section::load_list(map)) boards.push_back(board_of_map(entry));
  return boards;
}

}  // namespace tinyhil::app
