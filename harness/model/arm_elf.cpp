// SPDX-License-Identifier: Apache-2.0
#include "arm_elf.hpp"

#include <elf.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <string_view>

#include "error.hpp"

namespace tinyhil {
namespace {

static_assert(std::endian::native == std::endian::little, "headers are copied as they are in the file");

constexpr std::uint64_t kFlashMax = 64u << 20;

class ElfReader {
 public:
  ElfReader(std::span<const std::uint8_t> content, const std::string& where)
      : content_(content), where_(where), header_(at<Elf32_Ehdr>(0)) {}

  ArmElf read() const {
    ArmElf elf;
    elf.flash = read_flash();
    elf.ram_size = header_.e_shnum > 0 ? ram_of_sections() : ram_of_segments();
    return elf;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ExitCode::usage, "the ELF file " + what, where_, "build the firmware again");
  }

  std::span<const std::uint8_t> bytes(std::uint64_t offset, std::uint64_t size) const {
    if (offset > content_.size() || size > content_.size() - offset) refuse("is cut off or damaged");
    return content_.subspan(offset, size);
  }

  template <class T>
  T at(std::uint64_t offset) const {
    T value;
    std::memcpy(&value, bytes(offset, sizeof value).data(), sizeof value);
    return value;
  }

  std::vector<Elf32_Phdr> loadable_segments() const {
    if (header_.e_phentsize != sizeof(Elf32_Phdr)) refuse("has no segments");
    std::vector<Elf32_Phdr> segments;
    for (std::uint64_t i = 0; i < header_.e_phnum; ++i) {
      const auto segment = at<Elf32_Phdr>(header_.e_phoff + i * sizeof(Elf32_Phdr));
      if (segment.p_type == PT_LOAD) segments.push_back(segment);
    }
    return segments;
  }

  std::vector<std::uint8_t> read_flash() const {
    auto segments = loadable_segments();
    std::erase_if(segments, [](const Elf32_Phdr& segment) { return segment.p_filesz == 0; });
    if (segments.empty()) refuse("has nothing to load");
    std::sort(segments.begin(), segments.end(),
              [](const Elf32_Phdr& a, const Elf32_Phdr& b) { return a.p_paddr < b.p_paddr; });
    const std::uint64_t start = segments.front().p_paddr;
    std::vector<std::uint8_t> flash;
    for (const Elf32_Phdr& segment : segments) {
      const std::uint64_t offset = segment.p_paddr - start;
      if (offset < flash.size()) refuse("has segments that overlap");
      if (offset + segment.p_filesz > kFlashMax) refuse("spans more than 64 MiB of flash");
      flash.resize(offset);
      const auto loaded = bytes(segment.p_offset, segment.p_filesz);
      flash.insert(flash.end(), loaded.begin(), loaded.end());
    }
    return flash;
  }

  // Looks at the first letters only: a damaged name may have no end.
  bool is_slots(const Elf32_Shdr& section, const Elf32_Shdr& names) const {
    constexpr std::string_view kSlots = ".slots";
    if (section.sh_name >= names.sh_size) refuse("has a section without a name");
    const auto text = bytes(names.sh_offset, names.sh_size).subspan(section.sh_name);
    return text.size() >= kSlots.size() && std::memcmp(text.data(), kSlots.data(), kSlots.size()) == 0;
  }

  Elf32_Shdr section(std::uint64_t index) const {
    return at<Elf32_Shdr>(header_.e_shoff + index * sizeof(Elf32_Shdr));
  }

  std::uint64_t ram_of_sections() const {
    if (header_.e_shentsize != sizeof(Elf32_Shdr) || header_.e_shstrndx >= header_.e_shnum)
      refuse("has a damaged section table");
    const Elf32_Shdr names = section(header_.e_shstrndx);
    std::uint64_t total = 0;
    for (std::uint64_t i = 0; i < header_.e_shnum; ++i) {
      const Elf32_Shdr candidate = section(i);
      const bool in_ram = (candidate.sh_flags & SHF_WRITE) != 0 && (candidate.sh_flags & SHF_ALLOC) != 0 &&
                          (candidate.sh_type == SHT_PROGBITS || candidate.sh_type == SHT_NOBITS);
      // Slots are the memory that is left over for models and vectors; using all of it costs nothing.
      if (in_ram && !is_slots(candidate, names)) total += candidate.sh_size;
    }
    return total;
  }

  std::uint64_t ram_of_segments() const {
    std::uint64_t total = 0;
    for (const Elf32_Phdr& segment : loadable_segments())
      if ((segment.p_flags & PF_W) != 0) total += segment.p_memsz;
    return total;
  }

  std::span<const std::uint8_t> content_;
  const std::string& where_;
  Elf32_Ehdr header_;
};

}  // namespace

bool is_arm_elf(std::span<const std::uint8_t> content) {
  Elf32_Ehdr header;
  if (content.size() < sizeof header) return false;
  std::memcpy(&header, content.data(), sizeof header);
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_ident[EI_CLASS] == ELFCLASS32 &&
         header.e_ident[EI_DATA] == ELFDATA2LSB && header.e_type == ET_EXEC && header.e_machine == EM_ARM;
}

ArmElf parse_arm_elf(std::span<const std::uint8_t> content, const std::string& where) {
  assert(is_arm_elf(content));
  return ElfReader(content, where).read();
}

}  // namespace tinyhil
