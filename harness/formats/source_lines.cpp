// SPDX-License-Identifier: Apache-2.0
#include "source_lines.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace tinyhil {

// Both stay open as long as names of them are used.
struct SourceLines::Program {
  int descriptor = -1;
  Dwarf* dwarf = nullptr;
};

namespace {

// The compilation unit that holds the address.
std::optional<Dwarf_Die> unit_of(Dwarf* dwarf, Dwarf_Addr address) {
  Dwarf_Off offset = 0, next = 0;
  std::size_t head = 0;
  while (dwarf_nextcu(dwarf, offset, &next, &head, nullptr, nullptr, nullptr) == 0) {
    Dwarf_Die unit;
    const bool is_there = dwarf_offdie(dwarf, offset + head, &unit) != nullptr;
    if (is_there && dwarf_haspc(&unit, address) == 1) return unit;
    offset = next;
  }
  return std::nullopt;
}

// Of a copy that the compiler made of it, too.
const char* name_of(Dwarf_Die& scope) {
  Dwarf_Attribute name;
  return dwarf_formstring(dwarf_attr_integrate(&scope, DW_AT_name, &name));
}

std::string function_at(Dwarf_Die& unit, Dwarf_Addr address) {
  Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes(&unit, address, &scopes);
  std::string function;
  for (int i = 0; i < count && function.empty(); ++i) {
    const int tag = dwarf_tag(&scopes[i]);
    if (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine) continue;
    if (const char* name = name_of(scopes[i])) function = name;
  }
  std::free(scopes);  // libdw takes them from malloc
  return function;
}

}  // namespace

std::string SourceLine::describe() const {
  const std::string place = file + ":" + std::to_string(line);
  return function.empty() ? place : function + " (" + place + ")";
}

SourceLines::SourceLines(const std::filesystem::path& elf) : program_(std::make_unique<Program>()) {
  program_->descriptor = ::open(elf.c_str(), O_RDONLY | O_CLOEXEC);
  if (program_->descriptor >= 0) program_->dwarf = dwarf_begin(program_->descriptor, DWARF_C_READ);
}

SourceLines::~SourceLines() {
  dwarf_end(program_->dwarf);
  if (program_->descriptor >= 0) ::close(program_->descriptor);
}

std::optional<SourceLine> SourceLines::at(std::uint64_t address) const {
  if (program_->dwarf == nullptr) return std::nullopt;
  std::optional<Dwarf_Die> unit = unit_of(program_->dwarf, address);
  Dwarf_Line* const row = unit ? dwarf_getsrc_die(&*unit, address) : nullptr;
  const char* const file = dwarf_linesrc(row, nullptr, nullptr);
  SourceLine found;
  if (file == nullptr || dwarf_lineno(row, &found.line) != 0) return std::nullopt;
  found.file = file;
  found.function = function_at(*unit, address);
  return found;
}

}  // namespace tinyhil
