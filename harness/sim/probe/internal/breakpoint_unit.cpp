// SPDX-License-Identifier: Apache-2.0
#include "breakpoint_unit.hpp"

#include "component_id.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint32_t kControl = 0x000;
constexpr std::uint32_t kFirst = 0x008;
constexpr std::uint32_t kKey = 2, kEnable = 1;
constexpr std::uint32_t kAddressBits = 0x1FFFFFFC;
constexpr std::uint32_t kKept = 0xDFFFFFFD;

}  // namespace

std::uint32_t BreakpointUnit::read(std::uint32_t offset) const {
  if (offset == kControl) return kComparators << 4 | (is_on_ ? kEnable : 0);
  if (offset >= kFirst && offset < kFirst + 4 * kComparators) return comparators_[(offset - kFirst) / 4];
  return component_id(kBreakpointUnitId, offset);
}

void BreakpointUnit::write(std::uint32_t offset, std::uint32_t value, Target& target) {
  if (offset == kControl && (value & kKey) != 0) is_on_ = (value & kEnable) != 0;
  if (offset >= kFirst && offset < kFirst + 4 * kComparators)
    comparators_[(offset - kFirst) / 4] = value & kKept;
  apply(target);
}

// Its two highest bits choose the halfword; `both` is two breakpoints, of which the lower one is met first.
std::optional<std::uint32_t> BreakpointUnit::address_of(std::size_t comparator) const {
  const std::uint32_t value = comparators_[comparator];
  const std::uint32_t halfword = value >> 30;
  if (!is_on_ || (value & kEnable) == 0 || halfword == 0) return std::nullopt;
  return (value & kAddressBits) + (halfword == 2 ? 2 : 0);
}

void BreakpointUnit::apply(Target& target) {
  for (std::size_t n = 0; n < kComparators; ++n) {
    const std::optional<std::uint32_t> wanted = address_of(n);
    if (wanted == set_[n]) continue;
    if (set_[n]) target.clear_breakpoint(*set_[n]);
    if (wanted) target.set_breakpoint(*wanted);
    set_[n] = wanted;
  }
}

}  // namespace tinyhil::sim
