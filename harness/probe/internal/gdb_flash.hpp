// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "probe/flash_tool.hpp"

namespace tinyhil::probe {

// {tool: gdb, server: jlink, port: 2331, host: 127.0.0.1}: through a GDB server that somebody has started.
std::unique_ptr<FlashTool> gdb_flash_tool(const Section& section);

}  // namespace tinyhil::probe
