// SPDX-License-Identifier: Apache-2.0
// What a trial amounts to, in numbers: made by metric/, read by gate/ and report/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "measured.hpp"
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
  std::vector<SurvivedFault> survived;
  std::uint64_t drawn = 0;                   // vectors that it was to run in the end
  std::uint64_t inferences = 0;              // rows whose output counts
  std::uint64_t failed_inferences = 0;       // rows whose invoke failed, or whose output means nothing
  std::uint64_t quarantined_inferences = 0;  // rows that the host made for a vector it gave up on
  std::vector<std::uint32_t> quarantined;    // those vectors, ascending
  std::uint64_t nondeterministic = 0;        // vectors whose repeats gave different outputs
  // [repeats + 1]: [s] vectors of which s repeats were answered right; a repeat without an answer is not.
  std::vector<std::uint64_t> by_right_repeats;
  std::vector<std::uint16_t> right_repeats;  // [vectors] so many repeats of it; 0 where it was not run
  // Per vector, first repeat: predicted class; kQuarantined, which is wrong, when one of its rows is;
  // kMissing when there is no good row.
  std::vector<std::uint16_t> predicted;
  std::vector<std::uint16_t> expected;
  std::vector<std::string> classes;
  std::vector<std::uint64_t> confusion;  // [classes * classes], row: label, column: prediction
  Proportion accuracy;
  std::vector<SliceScore> slices;
  Measured latency;
  std::vector<Measured> further;      // of other quantities, which only a meter gives
  std::optional<GoldenScore> golden;  // absent when the campaign names no golden outputs

  std::uint64_t wanted_rows() const { return drawn * static_cast<std::uint64_t>(info.repeats); }
  std::uint64_t rows() const { return inferences + failed_inferences + quarantined_inferences; }

  static constexpr std::uint16_t kMissing = 0xFFFF;
  static constexpr std::uint16_t kNotRun = 0xFFFD;       // it was not drawn
  static constexpr std::uint16_t kQuarantined = 0xFFFE;  // all beyond every class
};

std::vector<const Measured*> all_measured(const Scorecard& card);  // latency first
// Of one without, nothing: its steps_per_base is 0.
const Measured& measured(const Scorecard& card, const Quantity& quantity);

// The vector has rows, whatever they are worth: a campaign may end before it comes to all.
inline bool was_run(const Scorecard& card, std::size_t vector) {
  return card.predicted[vector] != Scorecard::kNotRun;
}

// It was given a class, or killed the device.
inline bool was_scored(const Scorecard& card, std::size_t vector) {
  return was_run(card, vector) && card.predicted[vector] != Scorecard::kMissing;
}

}  // namespace tinyhil
