// SPDX-License-Identifier: Apache-2.0
#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.hpp"
#include "elf_image.hpp"

namespace tinyhil {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <class T>
void append(Bytes& bytes, const T& value) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(&value);
  bytes.insert(bytes.end(), begin, begin + sizeof value);
}

// Header, names of the symbols, symbols, sections. `link` is the section that the symbols say their names are
// in.
Bytes elf_with(std::uint32_t link = 1) {
  const std::string names("\0first\0first_more\0elsewhere\0", 28);
  const std::uint32_t names_at = sizeof(Elf32_Ehdr);
  const std::uint32_t symbols_at = names_at + 28;
  const std::uint32_t sections_at = symbols_at + 3 * sizeof(Elf32_Sym);
  Elf32_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS32;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_type = ET_EXEC;
  header.e_machine = EM_ARM;
  header.e_shoff = sections_at;
  header.e_shentsize = sizeof(Elf32_Shdr);
  header.e_shnum = 3;
  header.e_shstrndx = 1;
  Bytes bytes;
  append(bytes, header);
  bytes.insert(bytes.end(), names.begin(), names.end());
  append(bytes, Elf32_Sym{7, 0x20000100, 4, 0, 0, 1});
  append(bytes, Elf32_Sym{1, 0x20000200, 4, 0, 0, 1});
  append(bytes, Elf32_Sym{18, 0, 0, 0, 0, SHN_UNDEF});
  append(bytes, Elf32_Shdr{});
  append(bytes, Elf32_Shdr{0, SHT_STRTAB, 0, 0, names_at, 28, 0, 0, 1, 0});
  append(bytes,
         Elf32_Shdr{0, SHT_SYMTAB, 0, 0, symbols_at, 3 * sizeof(Elf32_Sym), link, 0, 4, sizeof(Elf32_Sym)});
  return bytes;
}

TEST(ElfSymbol, IsFoundByItsWholeName) {
  const Bytes file = elf_with();
  EXPECT_EQ(find_elf_symbol(file, "first", "a.elf"), 0x20000200u);
  EXPECT_EQ(find_elf_symbol(file, "first_more", "a.elf"), 0x20000100u);
  EXPECT_EQ(find_elf_symbol(file, "firs", "a.elf"), std::nullopt);
  EXPECT_EQ(find_elf_symbol(file, "more", "a.elf"), std::nullopt);
}

TEST(ElfSymbol, ThatIsDefinedElsewhereIsNone) {
  EXPECT_EQ(find_elf_symbol(elf_with(), "elsewhere", "a.elf"), std::nullopt);
}

TEST(ElfSymbol, OfADamagedTableIsAnError) {
  EXPECT_THROW(find_elf_symbol(elf_with(77), "first", "a.elf"), Error);
  Bytes file = elf_with();
  file[file.size() - 20] = 0xFF;  // the size of the symbols
  file[file.size() - 18] = 0xFF;
  EXPECT_THROW(find_elf_symbol(file, "first", "a.elf"), Error);
}

}  // namespace
}  // namespace tinyhil
