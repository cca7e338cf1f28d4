// SPDX-License-Identifier: Apache-2.0
// {test: latency_quantile, quantile: 0.99, limit: 20 ms, growth: 2 %}; see quantity_quantile.cpp.
#include "gate/internal/quantity_rules.hpp"

namespace tinyhil::gate {

std::unique_ptr<Rule> make_latency_quantile(const Section& section) {
  return quantity_quantile(latency_rules(), section);
}

}  // namespace tinyhil::gate
