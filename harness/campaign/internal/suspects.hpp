// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/vector_number.hpp"

namespace tinyhil::campaign {

// The vectors of which one has silenced the device, and it is not known which. They alone are asked for one
// model and one row at a time, so that the next silence shows which it was; all others as ever.
struct Suspects {
  OrderPosition first;
  std::uint32_t count = 0;

  bool contains(OrderPosition vector) const { return vector >= first && vector - first < count; }
  bool begin_or_end_at(OrderPosition vector) const {
    return count > 0 && (vector == first || vector == first + count);
  }
};

}  // namespace tinyhil::campaign
