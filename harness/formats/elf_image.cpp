// SPDX-License-Identifier: Apache-2.0
#include "elf_image.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "formats/internal/elf_file.hpp"

namespace tinyhil {
namespace {

constexpr std::uint64_t kAvrData = 0x80'0000;    // avr-gcc puts SRAM from here on,
constexpr std::uint64_t kAvrEeprom = 0x81'0000;  // EEPROM and fuses from here on

// Of the file.
struct Stretch {
  std::uint64_t begin;
  std::uint64_t end;
};

bool is_flash(const ElfFile& file, const ElfSegment& segment) {
  const bool is_data = file.machine() == EM_AVR && segment.physical >= kAvrData;
  return segment.type == PT_LOAD && segment.file_size > 0 && !is_data;
}

// What sections hold of the segment, in order; all of it in a file without sections.
std::vector<Stretch> held(const ElfFile& file, const ElfSegment& segment) {
  const Stretch all{segment.offset, segment.offset + segment.file_size};
  std::vector<Stretch> stretches;
  for (const ElfSection& section : file.sections()) {
    if ((section.flags & SHF_ALLOC) == 0 || section.type == SHT_NOBITS || section.type == SHT_NULL) continue;
    if (section.offset >= all.end || section.size == 0) continue;
    const std::uint64_t size = std::min(section.size, all.end - section.offset);
    const Stretch part{std::max(section.offset, all.begin), section.offset + size};
    if (part.begin < part.end) stretches.push_back(part);
  }
  if (stretches.empty()) return {all};
  std::sort(stretches.begin(), stretches.end(),
            [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  std::vector<Stretch> joined;
  for (const Stretch& part : stretches) {
    if (!joined.empty() && part.begin <= joined.back().end)
      joined.back().end = std::max(joined.back().end, part.end);
    else
      joined.push_back(part);
  }
  return joined;
}

std::vector<FlashSegment> flash_of(const ElfFile& file, const std::string& where) {
  std::vector<FlashSegment> flash;
  std::uint64_t total = 0;
  for (const ElfSegment& segment : file.segments()) {
    if (!is_flash(file, segment)) continue;
    if (segment.file_size > kFlashMax - total) file.refuse("loads more than 64 MiB");
    total += segment.file_size;
    const auto content = file.bytes(segment.offset, segment.file_size);
    if (segment.physical + segment.file_size < segment.physical) file.refuse("has a segment without an end");
    for (const Stretch& part : held(file, segment)) {
      const auto bytes = content.subspan(part.begin - segment.offset, part.end - part.begin);
      flash.push_back({segment.physical + (part.begin - segment.offset), {bytes.begin(), bytes.end()}});
    }
  }
  if (flash.empty()) file.refuse("has nothing to load");
  return in_order(std::move(flash), where);
}

// Slots are the memory that is left over for models and vectors; using all of it costs nothing.
std::uint64_t ram_of_sections(const ElfFile& file) {
  std::uint64_t total = 0;
  for (const ElfSection& section : file.sections()) {
    const bool in_memory = (section.flags & SHF_WRITE) != 0 && (section.flags & SHF_ALLOC) != 0 &&
                           (section.type == SHT_PROGBITS || section.type == SHT_NOBITS);
    const bool in_eeprom = file.machine() == EM_AVR && section.address >= kAvrEeprom;
    if (in_memory && !in_eeprom && !file.name_begins(section, ".slots")) total += section.size;
  }
  return total;
}

std::uint64_t ram_of_segments(const ElfFile& file) {
  std::uint64_t total = 0;
  for (const ElfSegment& segment : file.segments())
    if (segment.type == PT_LOAD && (segment.flags & PF_W) != 0) total += segment.memory_size;
  return total;
}

}  // namespace

// Flash is sometimes called writable too, as .init_array is, but not without a content.
std::vector<MemoryRange> blank_memory(std::span<const std::uint8_t> content, const std::string& where) {
  constexpr std::uint64_t kVariable = SHF_ALLOC | SHF_WRITE;
  const ElfFile file(content, where);
  std::vector<MemoryRange> ranges;
  for (const ElfSection& section : file.sections()) {
    const bool is_blank = section.type == SHT_NOBITS && (section.flags & kVariable) == kVariable;
    const bool has_end = section.address + section.size >= section.address;
    if (is_blank && has_end && section.size > 0) ranges.push_back({section.address, section.size});
  }
  return ranges;
}

bool is_elf(std::span<const std::uint8_t> content) {
  return content.size() >= SELFMAG && std::memcmp(content.data(), ELFMAG, SELFMAG) == 0;
}

bool is_program(std::span<const std::uint8_t> content, const std::string& where) {
  const ElfFile file(content, where);
  return std::any_of(file.segments().begin(), file.segments().end(),
                     [](const ElfSegment& segment) { return segment.type == PT_INTERP; });
}

ElfImage parse_elf(std::span<const std::uint8_t> content, const std::string& where) {
  const ElfFile file(content, where);
  if (file.type() != ET_EXEC && file.type() != ET_DYN) file.refuse("is not linked to an executable");
  ElfImage image;
  image.flash = flash_of(file, where);
  image.ram_size = file.sections().empty() ? ram_of_segments(file) : ram_of_sections(file);
  return image;
}

}  // namespace tinyhil
