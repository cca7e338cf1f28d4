// SPDX-License-Identifier: Apache-2.0
// `tinyhil flash`, `reset`, `memory` and `core`: what a debug probe can do beside being a line; the first two
// also by another tool that the bench names. `tinyhil power-cycle`: by its power switch.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/hex.hpp"
#include "base/write_file.hpp"
#include "bench/board_access.hpp"
#include "bench/power_switch.hpp"
#include "bench/probed_board.hpp"
#include "commands.hpp"
#include "error_report.hpp"
#include "formats/core_dump.hpp"
#include "hold.hpp"
#include "host/usb_reset.hpp"

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
        held_(options.is_held ? std::vector<bench::BoardHold>()
                              : hold(bench_, {&board_}, std::chrono::milliseconds(0))) {}

  const Board& board() const { return board_; }
  probe::FlashTool* tool() { return tool_.get(); }  // what programs it in place of its driver; none: nullptr
  // Asked only when it is used: mistakes are said before.
  bench::ProbedBoard& probed() {
    return probed_ ? *probed_ : probed_.emplace(board_.name, bench::probe_of(board_));
  }
  // What `question` asks of the probed board; what goes wrong then does so after the board was touched.
  template <class Question>
  auto ask(Question question) {
    bench::ProbedBoard& board = probed();
    try {
      return question(board);
    } catch (const Error& error) {
      throw AfterBoard(error);
    }
  }
  void need(const Result<void>& done, const std::string& tool) const {
    if (done) return;
    throw AfterBoard(bench::flash_error(done.error(), "board " + board_.name + ", " + tool));
  }
  void need(const Result<void>& done) const { need(done, tool_->describe()); }

 private:
  Bench bench_;
  const Board& board_;
  std::unique_ptr<probe::FlashTool> tool_;
  std::vector<bench::BoardHold> held_;
  std::optional<bench::ProbedBoard> probed_;
};

using Json = nlohmann::ordered_json;

// One document with the board's name, or the line.
void print(const ProbeOptions& options, const Board& board, Json document, const std::string& line) {
  if (!options.json) return fmt::print("{}: {}\n", board.name, line);
  Json whole = {{"board", board.name}};
  whole.update(document);
  fmt::print("{}\n", whole.dump(2, ' ', false, Json::error_handler_t::replace));
}

void flash_by_tool(HeldBoard& at, const ProbeOptions& options) {
  const std::filesystem::path image = bench::image_file(at.board(), options.image);
  at.need(options.erases ? at.tool()->erase_and_flash(image) : at.tool()->flash(image));
  const std::string tool = at.tool()->describe();
  print(options, at.board(),
        {{"image", image.string()}, {"written", true}, {"read_back", false}, {"by", tool}},
        tool + " has put " + image.string() + " there");
}

void reset_by_tool(HeldBoard& at, bool halts) {
  if (halts) {
    throw Error(ErrorKind::usage, at.tool()->describe() + " does not halt a board",
                "board " + at.board().name, "leave --halt out");
  }
  at.need(at.tool()->reset());
}

// The probe that the board is reached through is found by its number.
void reset_probe(HeldBoard& at) {
  const std::string serial = bench::probe_of(at.board()).serial;
  try {
    host::reset_usb_device({}, serial);
  } catch (const Error& error) {
    throw AfterBoard(error);
  }
}

Json json_of(const probe::CoreState& state) {
  Json registers = Json::object();
  for (const auto& [name, value] : state.core) registers[name] = value;
  return {{"core", state.word},        {"fault", describe(state.faults)}, {"registers", registers},
          {"cfsr", state.faults.cfsr}, {"hfsr", state.faults.hfsr},       {"mmfar", state.faults.mmfar},
          {"bfar", state.faults.bfar}};
}

void write_core(const CoreDump& dump, const std::filesystem::path& file) {
  const std::vector<std::uint8_t> core = elf_core(dump);
  write_file(file, {reinterpret_cast<const char*>(core.data()), core.size()});
}

}  // namespace

ExitCode flash_command(const ProbeOptions& options) {
  HeldBoard at(options);
  if (at.tool() != nullptr) {
    flash_by_tool(at, options);
    return ExitCode::pass;
  }
  bench::probe_of(at.board());  // a board without one needs no image first
  const FirmwareImage image = bench::image_to_flash(at.board(), options.image);
  if (options.erases) at.ask([&](bench::ProbedBoard& board) { board.erase_for(image); });
  const auto flashed = at.ask([&](bench::ProbedBoard& board) { return board.flash(image); });
  const bool is_written = flashed == probe::Target::Flashed::now;
  print(options, at.board(),
        {{"image", image.file.string()},
         {"image_sha256", image.digest.hex()},
         {"written", is_written},
         {"read_back", true}},
        "image " + image.digest.short_hex() +
            (is_written ? " was written and read back" : " was there already"));
  return ExitCode::pass;
}

ExitCode reset_command(const ProbeOptions& options) {
  HeldBoard at(options);
  if (options.resets_probe) {
    reset_probe(at);
    print(options, at.board(), {{"probe_reset", true}}, "its probe was reset");
    return ExitCode::pass;
  }
  if (at.tool() != nullptr) {
    reset_by_tool(at, options.halt);
  } else {
    const auto how = options.halt ? probe::Target::Reset::halt : probe::Target::Reset::run;
    at.ask([&](bench::ProbedBoard& board) { board.reset(how); });
  }
  print(options, at.board(), {{"reset", true}, {"halted", options.halt}},
        options.halt ? "was reset and halted" : "was reset");
  return ExitCode::pass;
}

ExitCode power_cycle_command(const ProbeOptions& options) {
  HeldBoard at(options);
  const std::optional<bench::PowerSwitch> power = bench::board_power_switch(at.board());
  if (!power) {
    throw Error(ErrorKind::usage, "the board has no power switch", "board " + at.board().name,
                "give it one in the bench: `power: {command: [program, argument, ...]}`");
  }
  at.need(power->cycle(), power->program());
  print(options, at.board(), {{"power_cycled", true}}, "was switched off and on");
  return ExitCode::pass;
}

ExitCode memory_command(const ProbeOptions& options) {
  HeldBoard at(options);
  const std::vector<std::uint8_t> bytes =
      at.ask([&](bench::ProbedBoard& board) { return board.read(options.address, options.size); });
  if (options.json) {
    print(options, at.board(), {{"address", options.address}, {"bytes", to_hex(bytes)}}, "");
    return ExitCode::pass;
  }
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
  const probe::CoreState state = at.ask([](bench::ProbedBoard& board) { return board.state(); });
  if (options.dump) write_core(at.ask([](bench::ProbedBoard& board) { return board.dump(); }), *options.dump);
  print(options, at.board(), json_of(state), describe(state));
  if (options.json) return ExitCode::pass;
  for (const auto& [name, value] : state.core) fmt::print("{:<4} {:08x}\n", name, value);
  return ExitCode::pass;
}

}  // namespace tinyhil::app
