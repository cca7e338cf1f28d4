// SPDX-License-Identifier: Apache-2.0
// `tinyhil flash`, `reset`, `memory` and `core`: what a debug probe can do beside being a line; the first two
// also by another tool that the bench names. `tinyhil power-cycle`: by its power switch.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/write_file.hpp"
#include "bench/board_control.hpp"
#include "bench/probed_board.hpp"
#include "commands.hpp"
#include "formats/core_dump.hpp"
#include "hold.hpp"
#include "host/usb_reset.hpp"

namespace tinyhil::app {

namespace {

constexpr std::size_t kBytesALine = 16;
constexpr std::size_t kDigitsForPeople = 12;  // of a digest

const Board& board_of(const Bench& bench, const ProbeOptions& options) {
  return options.board.empty() ? bench.boards.front() : bench.board(options.board);
}

// A board that nobody else uses meanwhile.
class HeldBoard {
 public:
  explicit HeldBoard(const ProbeOptions& options)
      : bench_(load_bench(options.bench)),
        board_(board_of(bench_, options)),
        control_(bench::board_control(board_)),
        held_(options.is_held ? std::vector<bench::BoardHold>()
                              : hold(bench_, {&board_}, std::chrono::milliseconds(0))) {}

  const Board& board() const { return board_; }
  bench::BoardControl& control() { return *control_; }

 private:
  Bench bench_;
  const Board& board_;
  std::unique_ptr<bench::BoardControl> control_;
  std::vector<bench::BoardHold> held_;
};

using Json = nlohmann::ordered_json;

// One document with the board's name, or the line.
void print(const ProbeOptions& options, const Board& board, Json document, const std::string& line) {
  if (!options.json) return fmt::print("{}: {}\n", board.name, line);
  Json whole = {{"board", board.name}};
  whole.update(document);
  fmt::print("{}\n", whole.dump(2, ' ', false, Json::error_handler_t::replace));
}

Json json_of(const bench::Flashed& flashed) {
  Json document{{"image", flashed.image}};
  if (!flashed.image_sha256.empty()) document["image_sha256"] = flashed.image_sha256;
  document["written"] = flashed.is_written;
  document["read_back"] = flashed.tool.empty();
  if (!flashed.tool.empty()) document["by"] = flashed.tool;
  return document;
}

std::string line_of(const bench::Flashed& flashed) {
  if (!flashed.tool.empty()) return flashed.tool + " has put " + flashed.image + " there";
  return "image " + flashed.image_sha256.substr(0, kDigitsForPeople) +
         (flashed.is_written ? " was written and read back" : " was there already");
}

// The probe that the board is reached through is found by its number.
void reset_probe(HeldBoard& at) {
  const std::string serial = bench::probe_of(at.board()).serial;
  try {
    host::reset_usb_device({}, serial);
  } catch (const Error& error) {
    throw bench::AfterBoard(error);
  }
}

Json json_of(const probe::CoreState& state) {
  Json registers = Json::object();
  for (const auto& [name, value] : state.core) registers[name] = value;
  return {{"core", state.word},        {"fault", describe(state.faults)}, {"registers", registers},
          {"cfsr", state.faults.cfsr}, {"hfsr", state.faults.hfsr},       {"mmfar", state.faults.mmfar},
          {"bfar", state.faults.bfar}};
}

CoreDump dump(HeldBoard& at) {
  bench::ProbedBoard probed(at.board().name, bench::probe_of(at.board()));
  try {
    return probed.dump();
  } catch (const Error& error) {
    throw bench::AfterBoard(error);
  }
}

void write_core(const CoreDump& dump, const std::filesystem::path& file) {
  const std::vector<std::uint8_t> core = elf_core(dump);
  write_file(file, {reinterpret_cast<const char*>(core.data()), core.size()});
}

}  // namespace

ExitCode flash_command(const ProbeOptions& options) {
  HeldBoard at(options);
  const bench::FlashWish wish{options.image, options.erases ? bench::Before::erase : bench::Before::nothing};
  const bench::Flashed flashed = at.control().flash(wish);
  print(options, at.board(), json_of(flashed), line_of(flashed));
  return ExitCode::pass;
}

ExitCode reset_command(const ProbeOptions& options) {
  HeldBoard at(options);
  if (options.resets_probe) {
    reset_probe(at);
    print(options, at.board(), {{"probe_reset", true}}, "its probe was reset");
    return ExitCode::pass;
  }
  at.control().reset(options.halt ? probe::Target::Reset::halt : probe::Target::Reset::run);
  print(options, at.board(), {{"reset", true}, {"halted", options.halt}},
        options.halt ? "was reset and halted" : "was reset");
  return ExitCode::pass;
}

ExitCode power_cycle_command(const ProbeOptions& options) {
  HeldBoard at(options);
  at.control().power_cycle();
  print(options, at.board(), {{"power_cycled", true}}, "was switched off and on");
  return ExitCode::pass;
}

ExitCode memory_command(const ProbeOptions& options) {
  HeldBoard at(options);
  const std::vector<std::uint8_t> bytes = at.control().read_memory(options.address, options.size);
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
  if (options.dump) write_core(dump(at), *options.dump);
  const probe::CoreState state = at.control().core();
  print(options, at.board(), json_of(state), describe(state));
  if (options.json) return ExitCode::pass;
  for (const auto& [name, value] : state.core) fmt::print("{:<4} {:08x}\n", name, value);
  return ExitCode::pass;
}

}  // namespace tinyhil::app
