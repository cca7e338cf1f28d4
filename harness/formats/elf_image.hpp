// SPDX-License-Identifier: Apache-2.0
// What a linker's ELF file puts into a microcontroller, of any machine: 32 and 64 bit, little- and
// big-endian. System V ABI, chapters 4 and 5; sizes bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flash_segment.hpp"

namespace tinyhil {

struct ElfImage {
  // Loadable segments by physical address. What lies in a segment but in no section is padding, and left out
  // like every other gap: one flash tool writes it, the other does not.
  std::vector<FlashSegment> flash;
  std::uint64_t ram_size = 0;  // writable sections in memory, without .slots*
};

bool is_elf(std::span<const std::uint8_t> content);

// Whether an operating system starts it (it names an interpreter): no firmware, the agent as a process.
bool is_program(std::span<const std::uint8_t> content, const std::string& where);

// All below need is_elf() and throw Error(usage) at `where` when it is damaged; this one also when it is not
// linked or loads nothing.
ElfImage parse_elf(std::span<const std::uint8_t> content, const std::string& where);

// Part of a microcontroller's memory.
struct MemoryRange {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;

  bool covers(std::uint64_t address, std::uint64_t bytes) const {
    return address >= begin && bytes <= size && address - begin <= size - bytes;
  }
};

// Memory that the image keeps for variables and gives no content: .bss and what else is like it. Only what
// writes RAM at run time can fill it. Empty for a file without sections. The same errors as parse_elf().
std::vector<MemoryRange> blank_memory(std::span<const std::uint8_t> content, const std::string& where);

// The address of the variable or function of that name; nothing when the file does not tell. The same errors.
std::optional<std::uint64_t> find_elf_symbol(std::span<const std::uint8_t> content, std::string_view name,
                                             const std::string& where);

}  // namespace tinyhil
