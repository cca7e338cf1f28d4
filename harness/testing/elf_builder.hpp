// SPDX-License-Identifier: Apache-2.0
// For tests: a minimal 32-bit ELF executable for Arm.
#pragma once

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace tinyhil::test {

struct BuiltSegment {
  std::uint32_t physical;
  std::string content;
  std::uint32_t memory_size;
  std::uint32_t flags = PF_R;
};

struct BuiltSection {
  std::string name;
  std::uint32_t type;
  std::uint32_t flags;
  std::uint32_t size;
  std::uint32_t address = 0;
};

// Header, segment table, section table, names, contents.
class ElfBuilder {
 public:
  ElfBuilder(std::vector<BuiltSegment> segments, std::vector<BuiltSection> sections)
      : segments_(std::move(segments)), sections_(std::move(sections)) {}

  std::vector<std::uint8_t> build() {
    const auto segments_at = static_cast<std::uint32_t>(sizeof(Elf32_Ehdr));
    const auto sections_at = segments_at + static_cast<std::uint32_t>(segments_.size() * sizeof(Elf32_Phdr));
    const auto section_count = sections_.empty() ? 0 : sections_.size() + 1;
    const auto names_at = sections_at + static_cast<std::uint32_t>(section_count * sizeof(Elf32_Shdr));
    append(header(segments_at, sections_at, section_count));
    append_tables(names_at);
    return bytes_;
  }

 private:
  template <class T>
  void append(const T& value) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(&value);
    bytes_.insert(bytes_.end(), begin, begin + sizeof value);
  }
  void append_text(const std::string& text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

  Elf32_Ehdr header(std::uint32_t segments_at, std::uint32_t sections_at, std::size_t section_count) const {
    Elf32_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS32;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_type = ET_EXEC;
    header.e_machine = EM_ARM;
    header.e_phoff = segments_at;
    header.e_phentsize = sizeof(Elf32_Phdr);
    header.e_phnum = static_cast<std::uint16_t>(segments_.size());
    header.e_shoff = sections_at;
    header.e_shentsize = sizeof(Elf32_Shdr);
    header.e_shnum = static_cast<std::uint16_t>(section_count);
    header.e_shstrndx = static_cast<std::uint16_t>(sections_.size());  // the last one
    return header;
  }

  void append_tables(std::uint32_t names_at) {
    std::string names(1, '\0');
    for (const BuiltSection& section : sections_) names += section.name + '\0';
    std::uint32_t content_at = names_at + static_cast<std::uint32_t>(names.size());
    for (const BuiltSegment& segment : segments_) {
      const auto size = static_cast<std::uint32_t>(segment.content.size());
      append(Elf32_Phdr{PT_LOAD, content_at, segment.physical, segment.physical, size, segment.memory_size,
                        segment.flags, 4});
      content_at += size;
    }
    std::uint32_t name = 1;
    for (const BuiltSection& section : sections_) {
      append(Elf32_Shdr{name, section.type, section.flags, section.address, 0, section.size, 0, 0, 4, 0});
      name += static_cast<std::uint32_t>(section.name.size()) + 1;
    }
    if (!sections_.empty())
      append(Elf32_Shdr{0, SHT_STRTAB, 0, 0, names_at, static_cast<std::uint32_t>(names.size()), 0, 0, 1, 0});
    append_text(names);
    for (const BuiltSegment& segment : segments_) append_text(segment.content);
  }

  std::vector<BuiltSegment> segments_;
  std::vector<BuiltSection> sections_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace tinyhil::test
