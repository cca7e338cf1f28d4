// SPDX-License-Identifier: Apache-2.0
// What a trial amounts to, in numbers: made by metric/, read by gate/ and report/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trial.hpp"

namespace tinyhil {

struct Interval {
  double low = 0;
  double high = 0;
};

// successes out of n with a two-sided 95 % interval (Wilson; Clopper-Pearson below 40 or at 0 and n).
struct Proportion {
  std::uint64_t successes = 0;
  std::uint64_t n = 0;
  Interval interval;

  double value() const { return n == 0 ? 0.0 : static_cast<double>(successes) / static_cast<double>(n); }
};

struct SliceScore {
  std::string slice;  // "accent"
  std::string value;  // "scottish"
  Proportion accuracy;
};

// Over all good rows of a trial, in ticks of the board's clock. Quantiles are order statistics x_(ceil(n p)).
struct Latency {
  std::uint32_t clock_hz = 0;         // 0: the board cannot measure
  std::vector<std::uint32_t> sorted;  // [n] ascending
  std::uint64_t suspect = 0;          // rows left out because clock and timer disagreed
  bool repeatable = false;            // repeats of each vector gave equal ticks; false when repeats == 1

  std::uint32_t ticks_at(double quantile) const;  // needs n > 0
  double to_us(std::uint32_t ticks) const;
};

struct GoldenMismatch {
  std::uint32_t vector = 0;
  std::uint32_t element = 0;
  std::int32_t expected = 0;
  std::int32_t got = 0;
};

struct GoldenScore {
  std::uint64_t compared = 0;  // inferences
  std::uint64_t differing = 0;
  std::int32_t max_lsb = 0;
  std::optional<GoldenMismatch> first;
  // [k]: inferences whose largest difference is k steps; the last entry, [kLsbMax + 1], counts all beyond.
  std::vector<std::uint64_t> by_lsb{};

  static constexpr std::int32_t kLsbMax = 255;
  std::uint64_t beyond(std::int32_t lsb) const;  // inferences that differ by more, for 0 <= lsb <= kLsbMax
};

struct Scorecard {
  TrialInfo info;
  TrialState state = TrialState::complete;
  std::optional<Fault> fault;
  std::uint64_t inferences = 0;         // rows with a good or suspect status
  std::uint64_t failed_inferences = 0;  // rows whose invoke failed
  std::uint64_t nondeterministic = 0;   // vectors whose repeats gave different outputs
  // Per vector, first repeat: predicted class, kMissing when there is no good row.
  std::vector<std::uint16_t> predicted;
  std::vector<std::uint16_t> expected;
  std::vector<std::string> classes;
  std::vector<std::uint64_t> confusion;  // [classes * classes], row: label, column: prediction
  Proportion accuracy;
  std::vector<SliceScore> slices;
  Latency latency;
  std::optional<GoldenScore> golden;  // absent when the campaign names no golden outputs

  static constexpr std::uint16_t kMissing = 0xFFFF;
};

}  // namespace tinyhil
