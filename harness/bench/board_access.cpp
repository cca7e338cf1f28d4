// SPDX-License-Identifier: Apache-2.0
#include "board_access.hpp"

#include <algorithm>

#include "power_switch.hpp"

namespace tinyhil::bench {

#define TINYHIL_DRIVER(name) std::unique_ptr<BoardAccess> make_##name(const Board& board);
#include "drivers.inc"
#undef TINYHIL_DRIVER

namespace {

struct Driver {
  const char* name;
  std::unique_ptr<BoardAccess> (*make)(const Board&);
};

constexpr Driver kDrivers[] = {
#define TINYHIL_DRIVER(name) {#name, make_##name},
#include "drivers.inc"
#undef TINYHIL_DRIVER
};

}  // namespace

std::vector<std::string> board_drivers() {
  std::vector<std::string> names;
  for (const Driver& driver : kDrivers) names.emplace_back(driver.name);
  return names;
}

namespace {

// What an untrusted user leaves in flash must be got rid of. A board that is started for each user has none.
void check_cleaning(const Board& board, const BoardAccess& access, const probe::FlashTool* tool) {
  const bool is_started_anew = !access.lock_key() && tool == nullptr;
  if (!board.is_untrusted || is_started_anew) return;
  if (!board.image) {
    board.link.fail("an untrusted board needs an `image`, which is put back after each of its users",
                    "add `image: path/to/agent.elf` to the board");
  }
  if (tool == nullptr && !access.probe()) {
    board.link.fail("nothing can put the image back on this untrusted board after its users",
                    "give the board a `flash`, or a link with `driver: openocd`, or leave `untrusted` out");
  }
  if (tool != nullptr && !tool->can_erase()) {
    board.flash->fail(tool->describe() + " cannot erase all that an untrusted user leaves on the board",
                      "give another `tool`, or leave `untrusted` out");
  }
}

}  // namespace

std::unique_ptr<BoardAccess> board_access(const Board& board) {
  const auto tool = board_flash_tool(board);  // their mistakes come to light with those of the link
  board_power_switch(board);
  const std::string name = board.link.choice("driver", board_drivers());
  std::unique_ptr<BoardAccess> access = std::ranges::find(kDrivers, name, &Driver::name)->make(board);
  check_cleaning(board, *access, tool.get());
  return access;
}

std::unique_ptr<probe::FlashTool> board_flash_tool(const Board& board) {
  return board.flash ? probe::flash_tool(*board.flash) : nullptr;
}

}  // namespace tinyhil::bench
