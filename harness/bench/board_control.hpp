// SPDX-License-Identifier: Apache-2.0
// What is done to a board beside its line: reset, power cycle, firmware, memory; by whatever its bench gives
// the means for. The caller holds the board (board_hold.hpp) and has no line to it open. Calls wait. Example:
//
//   const std::unique_ptr<BoardControl> control = board_control(board);
//   const Flashed flashed = control->flash({image, Before::nothing});
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/bench.hpp"
#include "probe/target.hpp"

namespace tinyhil::bench {

// An Error that came when a board had been opened and spoken to.
class AfterBoard : public Error {
 public:
  explicit AfterBoard(const Error& error) : Error(error) {}
};

enum class Before { nothing, erase };  // of a flash: all of it, or by a probe the banks that the image is in

struct FlashWish {
  std::optional<std::filesystem::path> image{};  // none: the board's own
  Before before = Before::nothing;
};

struct Flashed {
  std::string image;           // its file
  bool is_written = true;      // false: it was there already
  std::string tool{};          // that has put it there unseen; empty: a probe, and it was read back
  std::string image_sha256{};  // of what was read back
};

// All throw Error: usage where the bench has no means for it, or the image is not right; AfterBoard for what
// went wrong once the board was touched, wrong_image when other bytes are read back than were written, else
// bench_fault with the end of what a tool said.
class BoardControl {
 public:
  virtual ~BoardControl() = default;
  virtual void reset(probe::Target::Reset how) = 0;
  virtual void power_cycle() = 0;
  virtual Flashed flash(const FlashWish& wish) = 0;
  virtual std::vector<std::uint8_t> read_memory(std::uint32_t address, std::uint32_t size) = 0;
  virtual probe::CoreState core() = 0;
};

// Of a board of this machine: by its `flash`, else by its debug probe; its supply by its `power`. Of a board
// that a daemon has leased, by that. Throws as board_access(). The control does not need the board any more.
std::unique_ptr<BoardControl> board_control(const Board& board);

}  // namespace tinyhil::bench
