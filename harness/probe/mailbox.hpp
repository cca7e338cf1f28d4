// SPDX-License-Identifier: Apache-2.0
// A byte stream through a debug probe: OpenOCD moves bytes between us and two rings in the target's RAM
// (device-agent/ports/rtt), while the target runs. Nothing else is needed on the board.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "formats/elf_image.hpp"
#include "probe/openocd.hpp"
#include "transport/transport.hpp"

namespace tinyhil::probe {

// What happens to the board when the line is opened. A core that was left halted is reset in any case.
enum class AtOpen { nothing, reset };

struct MailboxSettings {
  OpenOcdSettings openocd;
  // Where the control block lies, if that is known; else it is searched for in this range.
  std::optional<std::uint32_t> block;
  std::uint32_t search_from = 0;
  std::uint32_t search_size = 0;
  AtOpen at_open = AtOpen::nothing;
  // Variables of the firmware without a content of their own (formats/elf_image.hpp): what may be written
  // beside the stream. Without any the transport has no memory().
  std::vector<MemoryRange> variables = {};
};

inline constexpr std::uint32_t kSearchMost = 16 * 1024 * 1024;

// Starts an OpenOCD of its own, which ends with the transport. The block may come later: the board may boot.
// It is looked at in every transfer, so that a board that is reset goes on with a block that it has built
// anew.
//
// The stream ends with Fault gone when OpenOCD ends, hangs or answers nonsense, and when the board's memory
// could not be read for two seconds. The probe is asked at once while bytes move, ever more seldom while none
// do, a hundred times a second at least while somebody waits for them, and never when nobody does. Throws as
// OpenOcd::start.
//
// Its memory() is written by OpenOCD between two transfers of the stream.
std::unique_ptr<transport::Transport> open_mailbox(const asio::any_io_executor& executor,
                                                   MailboxSettings settings);

}  // namespace tinyhil::probe
