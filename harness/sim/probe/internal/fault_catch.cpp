// SPDX-License-Identifier: Apache-2.0
#include "fault_catch.hpp"

#include <array>

#include "little_endian.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint32_t kVectorTable = 0xE000ED08;  // VTOR
constexpr std::uint32_t kHardFault = 3;
constexpr unsigned kPc = 15;

std::optional<std::uint32_t> word_at(Target& target, std::uint32_t address) {
  std::array<std::uint8_t, 4> bytes{};
  if (!target.read(address, bytes)) return std::nullopt;
  return load32(bytes);
}

// None where nothing was programmed.
std::optional<std::uint32_t> handler_of(Target& target) {
  const std::uint32_t table = word_at(target, kVectorTable).value_or(0);
  const std::optional<std::uint32_t> entry = word_at(target, table + 4 * kHardFault);
  if (!entry || (*entry & 1) == 0 || *entry == UINT32_MAX) return std::nullopt;
  return *entry & ~1U;
}

}  // namespace

void FaultCatch::apply(Target& target, bool is_wanted) {
  if (!is_wanted && !set_) return;
  const std::optional<std::uint32_t> handler = is_wanted ? handler_of(target) : std::nullopt;
  if (handler == set_) return;
  if (set_) target.clear_breakpoint(*set_);
  if (handler) target.set_breakpoint(*handler);
  set_ = handler;
}

bool FaultCatch::is_at(Target& target) const { return set_ && target.read_register(kPc) == *set_; }

void FaultCatch::step_over(Target& target) {
  target.clear_breakpoint(*set_);
  target.step();
  target.set_breakpoint(*set_);
}

}  // namespace tinyhil::sim
