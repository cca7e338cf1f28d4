// SPDX-License-Identifier: Apache-2.0
// The tables of an ELF file, whatever its word length and byte order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil {

struct ElfSegment {
  std::uint32_t type = 0;  // PT_LOAD and so on, as <elf.h> has them
  std::uint32_t flags = 0;
  std::uint64_t offset = 0;  // of its bytes in the file
  std::uint64_t physical = 0;
  std::uint64_t file_size = 0;
  std::uint64_t memory_size = 0;
};

struct ElfSection {
  std::uint32_t name = 0;  // where its name begins in the table of names
  std::uint32_t type = 0;
  std::uint64_t flags = 0;
  std::uint64_t address = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t link = 0;  // of a table of symbols: the section with their names
};

// The content must outlive it. What it reads is bounded by the content; everything throws Error(usage) when
// that is damaged.
class ElfFile {
 public:
  ElfFile(std::span<const std::uint8_t> content, const std::string& where);

  std::uint32_t type() const { return type_; }  // ET_EXEC and so on
  std::uint32_t machine() const { return machine_; }
  bool is_64() const { return is_64_; }
  std::uint64_t number(std::uint64_t offset, unsigned size) const;  // in the file's byte order
  const std::vector<ElfSegment>& segments() const { return segments_; }
  const std::vector<ElfSection>& sections() const { return sections_; }
  bool name_begins(const ElfSection& section, std::string_view letters) const;
  std::span<const std::uint8_t> bytes(std::uint64_t offset, std::uint64_t size) const;
  [[noreturn]] void refuse(const std::string& what) const;  // "the ELF file " + what

 private:
  struct Table {
    std::uint64_t offset;
    std::uint64_t entry_size;
    std::uint64_t count;
  };
  std::uint64_t word(std::uint64_t offset) const { return number(offset, is_64_ ? 8 : 4); }
  ElfSegment segment(std::uint64_t at) const;
  ElfSection section(std::uint64_t at) const;
  void read_segments(Table table);
  void read_sections(Table table, std::uint64_t names);

  std::span<const std::uint8_t> content_;
  const std::string& where_;
  bool is_64_ = false;
  bool is_big_endian_ = false;
  std::uint32_t type_ = 0;
  std::uint32_t machine_ = 0;
  std::vector<ElfSegment> segments_;
  std::vector<ElfSection> sections_;
  ElfSection names_;
};

}  // namespace tinyhil
