// SPDX-License-Identifier: Apache-2.0
// Sizes of what a device or a file announces: a sum or product that does not fit must not look small, so it
// is the largest number that there is.
#pragma once

#include <cstddef>
#include <limits>

namespace tinyhil {

inline std::size_t saturating_product(std::size_t a, std::size_t b) {
  std::size_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::size_t>::max() : result;
}

inline std::size_t saturating_sum(std::size_t a, std::size_t b) {
  std::size_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::numeric_limits<std::size_t>::max() : result;
}

}  // namespace tinyhil
