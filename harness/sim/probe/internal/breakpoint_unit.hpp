// SPDX-License-Identifier: Apache-2.0
// The flash patch and breakpoint unit of a Cortex-M3 or M4 (DDI0403E, C1.11): six breakpoints below
// 0x20000000.
#pragma once

#include <array>
#include <optional>

#include "target.hpp"

namespace tinyhil::sim {

class BreakpointUnit {
 public:
  static constexpr std::uint32_t kBase = 0xE0002000;
  static constexpr std::uint32_t kSize = 0x1000;

  std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t value, Target& target);

 private:
  static constexpr std::size_t kComparators = 6;

  std::optional<std::uint32_t> address_of(std::size_t comparator) const;
  void apply(Target& target);

  bool is_on_ = false;
  std::array<std::uint32_t, kComparators> comparators_{};
  std::array<std::optional<std::uint32_t>, kComparators> set_{};  // what the target knows of
};

}  // namespace tinyhil::sim
