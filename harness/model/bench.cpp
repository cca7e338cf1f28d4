// SPDX-License-Identifier: Apache-2.0
#include "bench.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "limits.hpp"
#include "model/internal/name.hpp"

namespace tinyhil {
namespace {

Provenance read_provenance(const Section& section) {
  const std::string word = section.choice("provenance", {"real", "emulated", "process"});
  if (word == "real") return Provenance::real;
  return word == "emulated" ? Provenance::emulated : Provenance::process;
}

std::chrono::milliseconds read_wait(const Section& section, std::string_view key,
                                    std::chrono::milliseconds fallback) {
  const auto wait = section.optional_duration(key);
  if (!wait) return fallback;
  if (*wait < std::chrono::milliseconds(1))
    section.fail_at(key, '`' + std::string(key) + "` is shorter than 1 ms", "write 1 ms or more, or nothing");
  return std::chrono::duration_cast<std::chrono::milliseconds>(*wait);
}

void read_patience(const Section& section, Board& board) {
  board.boot = read_wait(section, "boot", board.boot);
  board.quiet_boot = read_wait(section, "quiet_boot", board.quiet_boot);
  board.longest_inference = read_wait(section, "longest_inference", board.longest_inference);
  if (board.quiet_boot < board.boot) return;
  section.fail_at("quiet_boot",
                  "`quiet_boot` leaves no time to ask: the board has to answer within `boot`, " +
                      std::to_string(board.boot.count()) + " ms",
                  "write a longer `boot`");
}

// What every board has without being told.
constexpr std::array<std::string_view, 4> kOwnLabels{"board", "bench", "driver", "provenance"};

std::map<std::string, std::string> read_labels(const Section& section) {
  std::map<std::string, std::string> labels;
  for (const auto& [key, shown] : section.entries()) {
    check_name(section, "label", key);
    if (std::find(kOwnLabels.begin(), kOwnLabels.end(), key) != kOwnLabels.end())
      section.fail_at(key, "every board has a label `" + key + "` already", "name the label otherwise");
    const std::string value = section.text(key);
    check_name(section, "label", value);
    if (labels.size() == kLabelsMax)
      section.fail("more than " + std::to_string(kLabelsMax) + " labels",
                   "keep those that boards are chosen by");
    labels.emplace(key, value);
  }
  return labels;
}

Board read_board(const Section& section) {
  const std::string name = section.text("name");
  check_name(section, "board", name);
  Section link = section.section("link");
  Board board{name, read_provenance(section), section.optional_path("image"), link.text("driver"), link};
  if (section.has("meter")) board.meter = section.section("meter");
  if (section.has("flash")) board.flash = section.section("flash");
  if (section.has("power")) board.power = section.section("power");
  board.is_untrusted = section.boolean("untrusted", false);
  if (section.has("serial")) board.serial = section.text("serial");
  if (section.has("labels")) board.labels = read_labels(section.section("labels"));
  read_patience(section, board);
  section.finish();
  return board;
}

std::vector<std::string> names_of(const std::vector<Board>& boards) {
  std::vector<std::string> names;
  for (const Board& board : boards) names.push_back(board.name);
  return names;
}

std::vector<Board> read_boards(const Section& bench) {
  std::vector<Board> boards;
  for (const Section& section : bench.sections("boards")) {
    Board board = read_board(section);
    const auto names = names_of(boards);
    if (std::find(names.begin(), names.end(), board.name) != names.end())
      section.fail_at("name", "there are two boards named `" + board.name + '`', "rename one of the two");
    boards.push_back(std::move(board));
    if (boards.size() > kBoardsMax)
      bench.fail("more than 1,000 boards", "split the bench into several files");
  }
  if (boards.empty()) bench.fail_at("boards", "there are no boards", "describe at least one board");
  return boards;
}

}  // namespace

const char* to_string(Provenance provenance) {
  switch (provenance) {
    case Provenance::real:
      return "real";
    case Provenance::emulated:
      return "emulated";
    case Provenance::process:
      return "process";
  }
  return "unknown";
}

const Board& Bench::board(const std::string& wanted) const {
  for (const Board& board : boards)
    if (board.name == wanted) return board;
  throw Error(ErrorKind::usage, "there is no board `" + wanted + "` on bench `" + name + '`', file.string(),
              suggestion(wanted, names_of(boards)));
}

namespace {

Bench read_bench(const Section& section, const std::filesystem::path& file) {
  Bench bench;
  bench.file = file;
  bench.name = section.text("bench");
  bench.boards = read_boards(section);
  section.finish();
  return bench;
}

}  // namespace

Bench load_bench(const std::filesystem::path& file) { return read_bench(Section::load(file), file); }

Bench parse_bench(const std::string& yaml, const std::filesystem::path& file) {
  return read_bench(Section::parse(yaml, file.string()), file);
}

}  // namespace tinyhil
