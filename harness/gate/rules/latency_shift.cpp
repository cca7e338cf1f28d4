// SPDX-License-Identifier: Apache-2.0
// {test: latency_shift, growth: 2 %}; see quantity_shift.cpp.
#include "gate/internal/quantity_rules.hpp"

namespace tinyhil::gate {

std::unique_ptr<Rule> make_latency_shift(const Section& section) {
  return quantity_shift(latency_rules(), section);
}

}  // namespace tinyhil::gate
