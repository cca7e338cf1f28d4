// SPDX-License-Identifier: Apache-2.0
// A way to put firmware on a board, and to reset it, that the board's own driver does not have: another
// program (probe-rs, JLinkExe, pyocd, STM32_Programmer_CLI, esptool, west), or a GDB server that runs
// already. Example:
//
//   flash: {tool: probe-rs, chip: nRF52840_xxAA}
//
//   const std::unique_ptr<FlashTool> tool = flash_tool(section);
//   const Result<void> done = tool->flash("build/agent.elf");
//
// Whether the board then runs this firmware is for others to find out: the agent tells the digest of its
// flash.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/fault.hpp"
#include "formats/section.hpp"

namespace tinyhil::probe {

class FlashTool {
 public:
  virtual ~FlashTool() = default;

  // They wait. Faults: `refused` with the end of what the tool says, `timeout`, and of a GDB server also
  // `corrupt`, `gone` and `wrong_image`. Throw Error: bench_fault when a program cannot be started, usage for
  // an image that cannot be read. The board runs afterwards.
  virtual Result<void> flash(const std::filesystem::path& image) = 0;
  virtual Result<void> reset() = 0;

  // As flash(), after all of the chip's flash was erased. `refused` where it cannot.
  virtual Result<void> erase_and_flash(const std::filesystem::path& image) = 0;
  virtual bool can_erase() const { return true; }

  virtual std::string describe() const = 0;  // "probe-rs"
};

// Reads all of the section, starts nothing. Throws Error(usage) with file and line: an unknown tool, a key
// that it needs and does not get, or does not know.
std::unique_ptr<FlashTool> flash_tool(const Section& section);

std::vector<std::string> flash_tools();

}  // namespace tinyhil::probe
