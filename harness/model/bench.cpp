// SPDX-License-Identifier: Apache-2.0
#include "bench.hpp"

#include <algorithm>
#include <utility>

#include "error.hpp"
#include "name.hpp"
#include "nearest.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kBoardsMax = 1000;

Provenance read_provenance(const Section& section) {
  const std::string word = section.choice("provenance", {"real", "emulated", "process"});
  if (word == "real") return Provenance::real;
  return word == "emulated" ? Provenance::emulated : Provenance::process;
}

Board read_board(const Section& section) {
  const std::string name = section.text("name");
  check_name(section, "board", name);
  Section link = section.section("link");
  Board board{name, read_provenance(section), section.optional_path("image"), link.text("driver"), link};
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
  throw Error(ExitCode::usage, "there is no board `" + wanted + "` on bench `" + name + '`', file.string(),
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
