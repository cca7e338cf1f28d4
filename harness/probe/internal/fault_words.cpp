// SPDX-License-Identifier: Apache-2.0
// The bits of CFSR and HFSR: Armv7-M Architecture Reference Manual, B3.2.15 and B3.2.16.
#include <algorithm>

#include "formats/flash_segment.hpp"
#include "probe/target.hpp"

namespace tinyhil::probe {

namespace {

struct Bit {
  unsigned number;
  const char* words;
};

constexpr Bit kCfsr[] = {
    {0, "instruction fetch from where none is allowed"},
    {1, "data access to where none is allowed"},
    {3, "MPU fault while an exception returned"},
    {4, "MPU fault while an exception began: the stack is full"},
    {5, "MPU fault while floating-point state was saved"},
    {8, "bus error on an instruction fetch"},
    {9, "bus error on a data access"},
    {10, "bus error some time after a write"},
    {11, "bus error while an exception returned"},
    {12, "bus error while an exception began: the stack pointer leads nowhere"},
    {13, "bus error while floating-point state was saved"},
    {16, "undefined instruction"},
    {17, "jump to ARM code or a damaged state"},
    {18, "damaged return from an exception"},
    {19, "floating-point unit is off"},
    {20, "stack overflow"},
    {24, "unaligned access"},
    {25, "division by zero"},
};
constexpr Bit kHfsr[] = {
    {1, "the vector table could not be read"},
    {30, "escalated to a HardFault"},
    {31, "debug event escalated to a HardFault"},
};
constexpr std::uint32_t kMmfarValid = 1U << 7;
constexpr std::uint32_t kBfarValid = 1U << 15;

template <std::size_t N>
void append(std::string& text, const Bit (&bits)[N], std::uint32_t value) {
  for (const Bit& bit : bits) {
    if ((value >> bit.number & 1) != 0) text += (text.empty() ? "" : "; ") + std::string(bit.words);
  }
}

std::string register_of(const CoreState& state, const std::string& name) {
  const auto found = std::ranges::find(state.core, name, &std::pair<std::string, std::uint32_t>::first);
  return found == state.core.end() ? "unknown" : hex_address(found->second);
}

}  // namespace

std::string describe(const FaultRegisters& registers) {
  std::string text;
  append(text, kCfsr, registers.cfsr);
  if ((registers.cfsr & kMmfarValid) != 0) text += "; at address " + hex_address(registers.mmfar);
  if ((registers.cfsr & kBfarValid) != 0) text += "; at address " + hex_address(registers.bfar);
  append(text, kHfsr, registers.hfsr);
  return text.empty() ? "no fault" : text;
}

std::string describe(const CoreState& state) {
  std::string text = "the core is " + state.word;
  if (!state.core.empty()) {
    text += " at pc " + register_of(state, "pc") + ", lr " + register_of(state, "lr") + ", sp " +
            register_of(state, "sp");
  }
  return text + "; " + describe(state.faults);
}

}  // namespace tinyhil::probe
