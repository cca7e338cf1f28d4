// SPDX-License-Identifier: Apache-2.0
// How a board of a bench is reached: its `link`, read by the driver that the link names. Reading it opens and
// holds nothing. Example:
//
//   const Board& board = bench.board("m4");
//   const std::unique_ptr<BoardAccess> access = board_access(board);
//   const std::unique_ptr<Transport> line = access->open(io.get_executor());
//
// A driver is one file, drivers/<name>.cpp, which defines make_<name>(const Board&), and one word in
// tinyhil_drivers(bench ...) of CMakeLists.txt.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/board_control.hpp"
#include "model/bench.hpp"
#include "probe/flash_tool.hpp"
#include "probe/openocd.hpp"
#include "transport/transport.hpp"

namespace tinyhil::bench {

class BoardAccess {
 public:
  virtual ~BoardAccess() = default;

  // The line to the board, which is started first where the driver starts it. Nobody is greeted. Throws
  // Error: bench_fault when the line does not open or the board does not start, usage for files that are
  // missing.
  virtual std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const = 0;

  // What two users of one board have in common, whatever their benches call it: "serial /dev/ttyACM0".
  // Nothing: each open() starts a board of its own, which nobody else can reach.
  virtual std::optional<std::string> lock_key() const = 0;

  // Whether the board tells a simulated meter what it does, at Board::activity.
  virtual bool tells_activity() const { return false; }

  // Bits per second at which the line starts; nothing: it is as fast as the far end reads.
  virtual std::optional<int> line_rate() const { return std::nullopt; }

  // The device file of its line, where it has one.
  virtual std::optional<std::filesystem::path> port() const { return std::nullopt; }

  // What of its line is not plugged in, in words; empty: it is all there, or that shows only when it is
  // opened.
  virtual std::string absence() const { return ""; }

  // The debug probe that the board is reached through, for what a line cannot do: flash, reset, memory.
  virtual std::optional<probe::OpenOcdSettings> probe() const { return std::nullopt; }

  // What resets, switches and flashes it where that is not for this machine to do; nullptr: this machine
  // does.
  virtual std::unique_ptr<BoardControl> control() const { return nullptr; }
};

// Throws Error(usage) with file and line: an unknown driver, a key that it lacks, does not know or does not
// take. The access does not need the board any more.
std::unique_ptr<BoardAccess> board_access(const Board& board);

std::vector<std::string> board_drivers();

// What programs and resets the board in place of its driver, as its `flash` says; nullptr without one. Throws
// Error(usage) with file and line, as board_access() does for it.
std::unique_ptr<probe::FlashTool> board_flash_tool(const Board& board);

}  // namespace tinyhil::bench
