// SPDX-License-Identifier: Apache-2.0
// Quantities that are measured of each inference, and what a trial shows of one. Latency is the one that
// every board with a clock has; a meter adds others. Metric, comparison, rules, reports and exports go by
// these structs, so that another quantity needs no change in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/unit.hpp"

namespace tinyhil {

struct Quantity {
  std::string_view name;    // "latency": the key in reports, the beginning of its rules' names
  std::string_view plural;  // "latencies"
  Unit unit = Unit::none;   // of limits, and in which reports say it
  Unit small = Unit::none;  // in which a small change of it is said
  std::string_view source;  // what measures it: "clock"
  bool operator==(const Quantity&) const = default;
};

inline constexpr Quantity kLatency{"latency", "latencies", Unit::milliseconds, Unit::microseconds, "clock"};

// Over all good rows of a trial in measure mode. A row's value is a whole number of steps: ticks of the
// board's clock, or what else the source counts in. Quantiles are order statistics x_(ceil(n p)).
struct Measured {
  Quantity quantity = kLatency;
  std::uint32_t steps_per_base = 0;  // steps in one base unit, as ticks in a second; 0: it cannot be measured
  std::vector<std::uint32_t> sorted;  // [n] ascending
  std::uint64_t suspect = 0;          // rows left out because clock and timer disagreed
  double suspect_clock_us = 0;        // what they said of the first such row
  double suspect_timer_us = 0;
  std::uint64_t disturbed = 0;  // rows left out: bytes arrived or something else ran meanwhile
  // [vectors] steps of the first repeat that is to be trusted, in the order of the vectors; 0: none is.
  std::vector<std::uint32_t> by_vector;
  bool repeatable = false;  // repeats of each vector gave equal steps; false when repeats == 1

  bool is_known() const { return steps_per_base != 0 && !sorted.empty(); }
  std::uint32_t steps_at(double quantile) const;    // needs n > 0
  double to_millionths(std::uint32_t steps) const;  // of the base unit: microseconds, microjoules
  double in_unit(std::uint32_t steps) const;        // of the quantity
  // "the clock says 2022.6 us, the second timer 193.0 us, ratio 10.5"; or empty
  std::string suspicion() const;
};

}  // namespace tinyhil
