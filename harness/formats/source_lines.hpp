// SPDX-License-Identifier: Apache-2.0
// Where in its source code an address of a firmware lies, from the DWARF of its ELF file, read by elfutils'
// libdw. A file without it, or of another format, knows no line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tinyhil {

struct SourceLine {
  std::string function;  // the innermost that has a name, inlined ones too; "" where none is known
  std::string file;      // as the compiler was given it
  int line = 0;

  std::string describe() const;  // "conv_2d (engines/reference/conv.c:88)"
};

class SourceLines {
 public:
  explicit SourceLines(const std::filesystem::path& elf);
  SourceLines(const SourceLines&) = delete;
  SourceLines& operator=(const SourceLines&) = delete;
  ~SourceLines();

  std::optional<SourceLine> at(std::uint64_t address) const;
  // The same, and then where each function that the compiler has inlined there was called.
  std::vector<SourceLine> calls_at(std::uint64_t address) const;

 private:
  struct Program;
  std::unique_ptr<Program> program_;
};

}  // namespace tinyhil
