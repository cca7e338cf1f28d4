// SPDX-License-Identifier: Apache-2.0
// The family of rules over one quantity: {test: <quantity>_quantile} is about its tail, {test:
// <quantity>_shift} about its centre. A quantity's rule is one file in rules/ that names its words, and one
// word in tinyhil_drivers(gate ...).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "gate/gate.hpp"

namespace tinyhil::gate {

struct QuantityRules {
  Quantity quantity;
  std::string_view value, values;  // "timing", "timings"
  std::string_view large;          // "slow": how a value counts that is not to be trusted
  std::string_view step;           // "tick"
  std::string_view none_of_both;   // "no vector was timed with both models"
  std::string_view too_coarse;     // "the clock is too slow": a whole inference is less than a step
  std::string_view any;            // "taken any time": what a vector without a value may have done
  std::string_view one_source;     // "one clock of one board"
  // The key `limit` in billionths of the base unit, as nanoseconds; nothing where it is not given.
  std::function<std::optional<double>(const Section&)> read_limit;
  std::function<void(const Known&, std::optional<double> limit, std::vector<Mistake>&)> find_mistakes;
};

// For read_limit: "20 uJ", in any unit with the same base.
std::optional<double> read_limit_in(Unit unit, const Section& section);

const QuantityRules& latency_rules();

std::unique_ptr<Rule> quantity_quantile(const QuantityRules& rules, const Section& section);
std::unique_ptr<Rule> quantity_shift(const QuantityRules& rules, const Section& section);

}  // namespace tinyhil::gate
