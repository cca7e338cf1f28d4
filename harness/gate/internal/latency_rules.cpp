// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>

#include "quantity_rules.hpp"

namespace tinyhil::gate {
namespace {

std::optional<double> limit_of(const Section& section) {
  const std::optional<std::chrono::nanoseconds> limit = section.optional_duration("limit");
  if (!limit) return std::nullopt;
  return static_cast<double>(limit->count());
}

void find_mistakes(const Known& known, std::optional<double> limit, std::vector<Mistake>& found) {
  need_measured_latency(known, found);
  if (!limit || !known.inference_timeout) return;
  const std::chrono::duration<double, std::nano> longest = *known.inference_timeout;
  if (*limit < longest.count()) return;
  found.push_back({fmt::format("`limit` cannot fail: an inference that takes longer than the campaign's "
                               "`inference_timeout`, {} ms, is a hang",
                               known.inference_timeout->count()),
                   "write a limit below it, or raise `inference_timeout`", kLimitsCheck});
}

}  // namespace

const QuantityRules& latency_rules() {
  static const QuantityRules rules{
      .quantity = kLatency,
      .value = "timing",
      .values = "timings",
      .large = "slow",
      .step = "tick",
      .none_of_both = "no vector was timed with both models",
      .too_coarse = "the clock is too slow",
      .any = "taken any time",
      .one_source = "one clock of one board",
      .read_limit = limit_of,
      .find_mistakes = find_mistakes,
  };
  return rules;
}

}  // namespace tinyhil::gate
