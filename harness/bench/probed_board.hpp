// SPDX-License-Identifier: Apache-2.0
// A board at its debug probe, for what a line cannot do. The caller holds the board (board_hold.hpp) and has
// no line to it open: a probe serves one OpenOCD at a time. Calls wait, each with the deadline of
// probe/target.hpp. Example:
//
//   ProbedBoard probed(board.name, probe_of(board));
//   if (probed.flash(image_to_flash(board, {})) == probe::Target::Flashed::already) ...
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "formats/core_dump.hpp"
#include "formats/firmware_image.hpp"
#include "model/bench.hpp"
#include "probe/openocd.hpp"
#include "probe/target.hpp"

namespace tinyhil::bench {

// Throws Error(usage) for a board that is not reached by a debug probe, or as board_access().
probe::OpenOcdSettings probe_of(const Board& board);
// The same, of BoardAccess::probe() of the board of this name.
probe::OpenOcdSettings need_probe(std::optional<probe::OpenOcdSettings> probe, const std::string& board);

// `file`, or else the board's own image. Throws Error(usage) when there is neither.
std::filesystem::path image_file(const Board& board, const std::optional<std::filesystem::path>& file);
// The same, read. Throws Error(usage) also when it cannot be read, and when it does not say where it belongs.
FirmwareImage image_to_flash(const Board& board, const std::optional<std::filesystem::path>& file);

// What to throw for a fault of a probe, or of another tool that programs boards.
Error flash_error(const Fault& fault, const std::string& where);

// All throw Error, naming the board: wrong_image when another content was read back than was written,
// bench_fault for all else that the probe, OpenOCD or the target does.
class ProbedBoard {
 public:
  ProbedBoard(std::string name, const probe::OpenOcdSettings& settings);

  probe::Target::Flashed flash(const FirmwareImage& image);
  // Of each bank that the image belongs to, all; flash() comes next, for the board does not run then.
  void erase_for(const FirmwareImage& image);
  void reset(probe::Target::Reset how);
  std::vector<std::uint8_t> read(std::uint32_t address, std::uint32_t size);
  probe::CoreState state();
  CoreDump dump();  // a core that runs is halted for it, and goes on

 private:
  template <class T>
  T ask(asio::awaitable<Result<T>> task);
  [[noreturn]] void fail(const Fault& fault) const;

  std::string name_;
  asio::io_context io_{1};
  std::unique_ptr<probe::OpenOcd> openocd_;
  probe::Target target_;
};

}  // namespace tinyhil::bench
