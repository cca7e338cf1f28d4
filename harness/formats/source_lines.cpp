// SPDX-License-Identifier: Apache-2.0
#include "source_lines.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <unistd.h>

namespace tinyhil {

// Both stay open as long as names of them are used.
struct SourceLines::Program {
  int descriptor = -1;
  Dwarf* dwarf = nullptr;
};

namespace {

constexpr int kDepthMost = 64;  // of scopes in scopes

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

bool is_function(Dwarf_Die& scope) {
  const int tag = dwarf_tag(&scope);
  return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

// The child that holds the address, of those that hold code.
std::optional<Dwarf_Die> child_at(Dwarf_Die& scope, Dwarf_Addr address) {
  Dwarf_Die child;
  if (dwarf_child(&scope, &child) != 0) return std::nullopt;
  do {
    const int tag = dwarf_tag(&child);
    const bool may_hold = is_function(child) || tag == DW_TAG_lexical_block || tag == DW_TAG_namespace;
    if (may_hold && dwarf_haspc(&child, address) == 1) return child;
  } while (dwarf_siblingof(&child, &child) == 0);
  return std::nullopt;
}

// Functions at the address, the innermost last. Not by dwarf_getscopes(), which gives up where a link-time
// optimiser has inlined a function of another file.
std::vector<Dwarf_Die> functions_at(Dwarf_Die& unit, Dwarf_Addr address) {
  std::vector<Dwarf_Die> functions;
  std::optional<Dwarf_Die> scope = child_at(unit, address);
  for (int depth = 0; scope && depth < kDepthMost; ++depth) {
    if (is_function(*scope)) functions.push_back(*scope);
    scope = child_at(*scope, address);
  }
  return functions;
}

// Where an inlined function was called.
std::optional<SourceLine> call_of(Dwarf_Die& unit, Dwarf_Die& inlined) {
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  Dwarf_Attribute attribute;
  Dwarf_Word file = 0, line = 0;
  const bool is_told = dwarf_formudata(dwarf_attr(&inlined, DW_AT_call_file, &attribute), &file) == 0 &&
                       dwarf_formudata(dwarf_attr(&inlined, DW_AT_call_line, &attribute), &line) == 0 &&
                       dwarf_getsrcfiles(&unit, &files, &count) == 0 && file < count;
  const char* const name = is_told ? dwarf_filesrc(files, file, nullptr, nullptr) : nullptr;
  if (name == nullptr) return std::nullopt;
  return SourceLine{"", name, static_cast<int>(line)};
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

std::vector<SourceLine> SourceLines::calls_at(std::uint64_t address) const {
  std::vector<SourceLine> calls;
  if (program_->dwarf == nullptr) return calls;
  std::optional<Dwarf_Die> unit = unit_of(program_->dwarf, address);
  Dwarf_Line* const row = unit ? dwarf_getsrc_die(&*unit, address) : nullptr;
  const char* const file = dwarf_linesrc(row, nullptr, nullptr);
  std::optional<SourceLine> here = SourceLine();
  if (file == nullptr || dwarf_lineno(row, &here->line) != 0) return calls;
  here->file = file;
  std::vector<Dwarf_Die> functions = functions_at(*unit, address);
  for (auto function = functions.rbegin(); here && function != functions.rend(); ++function) {
    if (const char* name = name_of(*function)) here->function = name;
    calls.push_back(*here);
    here = dwarf_tag(&*function) == DW_TAG_inlined_subroutine ? call_of(*unit, *function) : std::nullopt;
  }
  if (calls.empty()) calls.push_back(*here);
  return calls;
}

std::optional<SourceLine> SourceLines::at(std::uint64_t address) const {
  const std::vector<SourceLine> calls = calls_at(address);
  return calls.empty() ? std::nullopt : std::optional(calls.front());
}

}  // namespace tinyhil
