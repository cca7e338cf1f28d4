// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinyhil {

// The vectors of which one has silenced the device, and it is not known which. They alone are asked for one
// model and one row at a time, so that the next silence shows which it was; all others as ever.
struct Suspects {
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  bool contains(std::uint32_t vector) const { return vector >= first && vector - first < count; }
  bool begin_or_end_at(std::uint32_t vector) const {
    return count > 0 && (vector == first || vector == first + count);
  }
};

}  // namespace tinyhil
