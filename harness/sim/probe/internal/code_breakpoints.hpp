// SPDX-License-Identifier: Apache-2.0
// BKPT instructions that a debugger puts into memory, as its breakpoints and at the end of the code that it
// lets the core run. QEMU's core takes them for exceptions; it halts there if they are breakpoints of its
// stub as well. Pure.
#pragma once

#include <set>

#include "target.hpp"

namespace tinyhil::sim {

class CodeBreakpoints {
 public:
  // What a debugger wrote. Larger pieces are data, or a whole program.
  void note(std::uint32_t address, std::span<const std::uint8_t> bytes);
  void apply(Target& target);  // before the core runs

 private:
  std::set<std::uint32_t> found_, set_;  // in memory; of the target
};

}  // namespace tinyhil::sim
