// SPDX-License-Identifier: Apache-2.0
#include <elf.h>

#include <algorithm>

#include "elf_image.hpp"
#include "formats/internal/elf_file.hpp"

namespace tinyhil {

namespace {

constexpr std::uint64_t kSymbolsMax = 1'000'000;

// Where the name begins that a table of symbols gives to one of them; compared with the zero behind it.
bool has_name(const ElfFile& file, const ElfSection& names, std::uint64_t at, std::string_view name) {
  if (at >= names.size || names.size - at <= name.size()) return false;
  const auto bytes = file.bytes(names.offset + at, name.size() + 1);
  return std::equal(name.begin(), name.end(), bytes.begin()) && bytes.back() == 0;
}

std::optional<std::uint64_t> find_in(const ElfFile& file, const ElfSection& table, std::string_view name) {
  if (table.link >= file.sections().size()) file.refuse("has symbols without names");
  const ElfSection& names = file.sections()[table.link];
  const std::uint64_t entry = file.is_64() ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
  file.bytes(table.offset, table.size);
  const std::uint64_t count = std::min(table.size / entry, kSymbolsMax);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = table.offset + i * entry;
    const bool is_defined = file.number(at + (file.is_64() ? 6 : 14), 2) != SHN_UNDEF;
    if (!is_defined || !has_name(file, names, file.number(at, 4), name)) continue;
    return file.is_64() ? file.number(at + 8, 8) : file.number(at + 4, 4);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> find_elf_symbol(std::span<const std::uint8_t> content, std::string_view name,
                                             const std::string& where) {
  const ElfFile file(content, where);
  for (const ElfSection& section : file.sections()) {
    if (section.type != SHT_SYMTAB) continue;
    const std::optional<std::uint64_t> value = find_in(file, section, name);
    if (value) return value;
  }
  return std::nullopt;
}

}  // namespace tinyhil
