// SPDX-License-Identifier: Apache-2.0
#include "compare.hpp"

#include "compare_reference.hpp"

namespace tinyhil {

Comparison compare(const Trial& candidate, const Trial& baseline, const VectorSet& vectors) {
  return compare_reference(candidate, baseline, vectors);
}

}  // namespace tinyhil
