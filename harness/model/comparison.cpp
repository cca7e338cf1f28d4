// SPDX-License-Identifier: Apache-2.0
#include "comparison.hpp"

namespace tinyhil {

const PairedSteps& Comparison::of(const Quantity& quantity) const {
  static const PairedSteps kNothing;
  if (quantity.name == latency.quantity.name) return latency;
  for (const PairedSteps& each : further) {
    if (each.quantity.name == quantity.name) return each;
  }
  return kNothing;
}

}  // namespace tinyhil
