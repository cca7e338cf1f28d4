// SPDX-License-Identifier: Apache-2.0
// `tinyhil flash`, `reset`, `memory` and `core`: what a debug probe can do beside being a line; the first two
// also by another tool that the bench names.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/write_file.hpp"
#include "bench/board_access.hpp"
#include "bench/probed_board.hpp"
#include "commands.hpp"
#include "formats/core_dump.hpp"
#include "hold.hpp"

namespace tinyhil::app {

namespace {

constexpr std::size_t kBytesALine = 16;

const Board& board_of(const Bench& bench, const ProbeOptions& options) {
  return options.board.empty() ? bench.boards.front() : bench.board(options.board);
}

// A board that nobody else uses meanwhile.
class HeldBoard {
 public:
  explicit HeldBoard(const ProbeOptions& options)
      : bench_(load_bench(options.bench)),
        board_(board_of(bench_, options)),
        tool_(bench::board_flash_tool(board_)),
        held_(hold(bench_, {&board_}, std::chrono::milliseconds(0))) {}

  const Board& board() const { return board_; }
  probe::FlashTool* tool() { return tool_.get(); }  // what programs it in place of its driver; none: nullptr
  // Asked only when it is used: mistakes are said before.
  bench::ProbedBoard& probed() {
    return probed_ ? *probed_ : probed_.emplace(board_.name, bench::probe_of(board_));
  }
  void need(const Result<void>& done) const {
    if (!done) throw bench::flash_error(done.error(), "board " + board_.name + ", " + tool_->describe());
  }

 private:
  Bench bench_;
  const Board& board_;
  std::unique_ptr<probe::FlashTool> tool_;
  std::vector<bench::BoardHold> held_;
  std::optional<bench::ProbedBoard> probed_;
};

void flash_by_tool(HeldBoard& at, const std::filesystem::path& image) {
  at.need(at.tool()->flash(image));
  fmt::print("{}: {} has put {} there\n", at.board().name, at.tool()->describe(), image.string());
}

void reset_by_tool(HeldBoard& at, bool halts) {
  if (halts) {
    throw Error(ErrorKind::usage, at.tool()->describe() + " does not halt a board",
                "board " + at.board().name, "leave --halt out");
  }
  at.need(at.tool()->reset());
}

void write_core(const CoreDump& dump, const std::filesystem::path& file) {
  const std::vector<std::uint8_t> core = elf_core(dump);
  write_file(file, {reinterpret_cast<const char*>(core.data()), core.size()});
}

}  // namespace

ExitCode flash_command(const ProbeOptions& options) {
  HeldBoard at(options);
  if (at.tool() != nullptr) {
    flash_by_tool(at, bench::image_file(at.board(), options.image));
    return ExitCode::pass;
  }
  bench::probe_of(at.board());  // a board without one needs no image first
  const FirmwareImage image = bench::image_to_flash(at.board(), options.image);
  const auto flashed = at.probed().flash(image);
  fmt::print("{}: image {} {}\n", at.board().name, image.digest.short_hex(),
             flashed == probe::Target::Flashed::already ? "was there already" : "was written and read back");
  return ExitCode::pass;
}

ExitCode reset_command(const ProbeOptions& options) {
  HeldBoard at(options);
  if (at.tool() != nullptr) {
    reset_by_tool(at, options.halt);
  } else {
    at.probed().reset(options.halt ? probe::Target::Reset::halt : probe::Target::Reset::run);
  }
  fmt::print("{}: was reset{}\n", at.board().name, options.halt ? " and halted" : "");
  return ExitCode::pass;
}

ExitCode memory_command(const ProbeOptions& options) {
  HeldBoard at(options);
  const std::vector<std::uint8_t> bytes = at.probed().read(options.address, options.size);
  for (std::size_t begin = 0; begin < bytes.size(); begin += kBytesALine) {
    fmt::print("{:08x} ", options.address + begin);
    for (std::size_t i = begin; i < std::min(bytes.size(), begin + kBytesALine); ++i)
      fmt::print(" {:02x}", bytes[i]);
    fmt::print("\n");
  }
  return ExitCode::pass;
}

ExitCode core_command(const ProbeOptions& options) {
  HeldBoard at(options);
  const probe::CoreState state = at.probed().state();
  if (options.dump) write_core(at.probed().dump(), *options.dump);
  fmt::print("{}: {}\n", at.board().name, describe(state));
  for (const auto& [name, value] : state.core) fmt::print("{:<4} {:08x}\n", name, value);
  return ExitCode::pass;
}

}  // namespace tinyhil::app
