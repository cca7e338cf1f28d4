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

std::unique_ptr<BoardAccess> board_access(const Board& board) {
  board_flash_tool(board);  // their mistakes come to light with those of the link
  board_power_switch(board);
  const std::string name = board.link.choice("driver", board_drivers());
  return std::ranges::find(kDrivers, name, &Driver::name)->make(board);
}

std::unique_ptr<probe::FlashTool> board_flash_tool(const Board& board) {
  return board.flash ? probe::flash_tool(*board.flash) : nullptr;
}

}  // namespace tinyhil::bench
