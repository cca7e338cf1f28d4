// SPDX-License-Identifier: Apache-2.0
#include "median.hpp"

#include <algorithm>
#include <cassert>

namespace tinyhil::stats {

double median_of(std::vector<double> values) {
  assert(!values.empty());
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace tinyhil::stats
