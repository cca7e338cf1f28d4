// SPDX-License-Identifier: Apache-2.0
// Who called whom when a core failed: the frames on the dumped stack, as the call frame information of the
// firmware's ELF file (.debug_frame) tells them apart, read by elfutils' libdw. Example:
//
//   std::string text = describe(call_chain("agent.elf", dump));
//   // "conv_2d (conv.c:88), called from invoke (engine.c:12), called from 0x00001a2c"
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core_dump.hpp"
#include "source_lines.hpp"

namespace tinyhil {

struct CallFrame {
  std::uint32_t pc = 0;             // of the first; a return address of the others
  std::vector<SourceLine> lines{};  // of the call, and of those that are inlined there; empty: not known
};

// The innermost first, 32 at most; as far as memory was dumped and the file tells. Never empty: the first is
// the pc itself.
std::vector<CallFrame> call_chain(const std::filesystem::path& elf, const CoreDump& dump);

std::string describe(const std::vector<CallFrame>& chain);

}  // namespace tinyhil
