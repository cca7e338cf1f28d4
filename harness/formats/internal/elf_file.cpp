// SPDX-License-Identifier: Apache-2.0
#include "elf_file.hpp"

#include <elf.h>

#include <cstddef>
#include <cstring>

#include "base/error.hpp"

namespace tinyhil {

namespace {

constexpr std::uint64_t kSegmentsMax = 1000;

}  // namespace

ElfFile::ElfFile(std::span<const std::uint8_t> content, const std::string& where)
    : content_(content), where_(where) {
  const auto ident = bytes(0, EI_NIDENT);
  is_64_ = ident[EI_CLASS] == ELFCLASS64;
  is_big_endian_ = ident[EI_DATA] == ELFDATA2MSB;
  if (!is_64_ && ident[EI_CLASS] != ELFCLASS32) refuse("is neither of 32 nor of 64 bit");
  if (!is_big_endian_ && ident[EI_DATA] != ELFDATA2LSB) refuse("has no known byte order");
  type_ = static_cast<std::uint32_t>(number(offsetof(Elf32_Ehdr, e_type), 2));
  machine_ = static_cast<std::uint32_t>(number(offsetof(Elf32_Ehdr, e_machine), 2));
  const std::uint64_t counts = is_64_ ? offsetof(Elf64_Ehdr, e_phentsize) : offsetof(Elf32_Ehdr, e_phentsize);
  const std::uint64_t places = is_64_ ? offsetof(Elf64_Ehdr, e_phoff) : offsetof(Elf32_Ehdr, e_phoff);
  read_segments({word(places), number(counts, 2), number(counts + 2, 2)});
  read_sections({word(places + (is_64_ ? 8 : 4)), number(counts + 4, 2), number(counts + 6, 2)},
                number(counts + 8, 2));
}

void ElfFile::refuse(const std::string& what) const {
  throw Error(ErrorKind::usage, "the ELF file " + what, where_, "build the firmware again");
}

std::span<const std::uint8_t> ElfFile::bytes(std::uint64_t offset, std::uint64_t size) const {
  if (offset > content_.size() || size > content_.size() - offset) refuse("is cut off or damaged");
  return content_.subspan(offset, size);
}

std::uint64_t ElfFile::number(std::uint64_t offset, unsigned size) const {
  const auto digits = bytes(offset, size);
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) value = value << 8 | digits[is_big_endian_ ? i : size - 1 - i];
  return value;
}

ElfSegment ElfFile::segment(std::uint64_t at) const {
  ElfSegment segment;
  segment.type = static_cast<std::uint32_t>(number(at, 4));
  segment.flags = static_cast<std::uint32_t>(
      number(at + (is_64_ ? offsetof(Elf64_Phdr, p_flags) : offsetof(Elf32_Phdr, p_flags)), 4));
  segment.offset = word(at + (is_64_ ? offsetof(Elf64_Phdr, p_offset) : offsetof(Elf32_Phdr, p_offset)));
  segment.physical = word(at + (is_64_ ? offsetof(Elf64_Phdr, p_paddr) : offsetof(Elf32_Phdr, p_paddr)));
  segment.file_size = word(at + (is_64_ ? offsetof(Elf64_Phdr, p_filesz) : offsetof(Elf32_Phdr, p_filesz)));
  segment.memory_size = word(at + (is_64_ ? offsetof(Elf64_Phdr, p_memsz) : offsetof(Elf32_Phdr, p_memsz)));
  return segment;
}

ElfSection ElfFile::section(std::uint64_t at) const {
  ElfSection section;
  section.name = static_cast<std::uint32_t>(number(at, 4));
  section.type = static_cast<std::uint32_t>(number(at + 4, 4));
  section.flags = word(at + 8);
  const std::uint64_t size = is_64_ ? 8 : 4;  // of the fields that follow: address, offset, size
  section.address = word(at + 8 + size);
  section.offset = word(at + 8 + 2 * size);
  section.size = word(at + 8 + 3 * size);
  section.link = static_cast<std::uint32_t>(number(at + 8 + 4 * size, 4));
  return section;
}

void ElfFile::read_segments(Table table) {
  if (table.count > 0 && table.entry_size != (is_64_ ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)))
    refuse("has a damaged segment table");
  if (table.count > kSegmentsMax) refuse("has more than 1000 segments");
  bytes(table.offset, table.count * table.entry_size);
  for (std::uint64_t i = 0; i < table.count; ++i)
    segments_.push_back(segment(table.offset + i * table.entry_size));
}

void ElfFile::read_sections(Table table, std::uint64_t names) {
  if (table.count == 0) return;
  if (table.entry_size != (is_64_ ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) || names >= table.count)
    refuse("has a damaged section table");
  bytes(table.offset, table.count * table.entry_size);
  for (std::uint64_t i = 0; i < table.count; ++i)
    sections_.push_back(section(table.offset + i * table.entry_size));
  names_ = sections_[names];
}

// Looks at the first letters only: a damaged name may have no end.
bool ElfFile::name_begins(const ElfSection& section, std::string_view letters) const {
  if (section.name >= names_.size) refuse("has a section without a name");
  const auto text = bytes(names_.offset, names_.size).subspan(section.name);
  return text.size() >= letters.size() && std::memcmp(text.data(), letters.data(), letters.size()) == 0;
}

}  // namespace tinyhil
