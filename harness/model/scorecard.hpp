// SPDX-License-Identifier: Apache-2.0
// What a trial amounts to, in numbers: made by metric/, read by gate/ and report/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "measured.hpp"
#include "task.hpp"
#include "trial.hpp"

namespace tinyhil {

struct Interval {
  double low = 0;
  double high = 0;
};

// successes out of n with a two-sided 95 % interval (Wilson; Clopper-Pearson below 40 or at 0 and n). Of
// scores between 0 and 1: their sum, with Wilson's interval, for no such scores spread more than 0s and 1s.
struct Proportion {
  double successes = 0;
  std::uint64_t n = 0;
  Interval interval;

  double value() const { return n == 0 ? 0.0 : successes / static_cast<double>(n); }
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
  // [k]: of the first inference among those, its element that is off the most.
  std::vector<std::optional<GoldenMismatch>> first_by_lsb{};

  static constexpr std::int32_t kLsbMax = 255;
  std::uint64_t beyond(std::int32_t lsb) const;  // inferences that differ by more, for 0 <= lsb <= kLsbMax
  // An element that is off by more, of the first vector that has one; nothing when none has.
  std::optional<GoldenMismatch> first_beyond(std::int32_t lsb) const;
};

// What became of a vector in a trial.
enum class Answer : std::uint8_t {
  not_run,      // it has no row, for a campaign may end before it comes to all
  missing,      // none of its rows has an output that means something
  quarantined,  // the device crashed or hung twice on one of its repeats: as wrong as can be
  given,
};

struct Scorecard {
  TrialInfo info;
  TaskTraits task = classification()->traits();
  TrialState state = TrialState::complete;
  std::optional<Fault> fault;
  std::vector<SurvivedFault> survived;
  std::uint64_t drawn = 0;                   // vectors that it was to run in the end
  std::uint64_t inferences = 0;              // rows whose output counts
  std::uint64_t failed_inferences = 0;       // rows whose invoke failed, or whose output means nothing
  std::uint64_t quarantined_inferences = 0;  // rows that the host made for a vector it gave up on
  std::vector<std::uint32_t> quarantined;    // those vectors, ascending
  std::uint64_t nondeterministic = 0;        // vectors whose repeats gave different outputs
  // [repeats + 1]: [s] vectors of which s repeats got the full score; a repeat without an answer does not.
  std::vector<std::uint64_t> by_right_repeats;
  std::vector<std::uint16_t> right_repeats;  // [vectors] so many repeats of it; 0 where it was not run
  // [vectors] each, by the first repeat whose output counts.
  std::vector<Answer> answers;
  std::vector<float> scores;             // as the task scores it, 0 .. 1; 0 without an answer
  std::vector<std::uint16_t> predicted;  // its class; kNoClass without an answer. Empty: the task has none
  std::vector<std::string> classes;
  std::vector<std::uint64_t> confusion;  // [classes * classes], row: label, column: prediction
  Proportion accuracy;                   // mean score, TaskTraits::measure
  std::vector<SliceScore> slices;
  Measured latency;
  std::vector<Measured> further;      // of other quantities, which only a meter gives
  std::optional<GoldenScore> golden;  // absent when the campaign names no golden outputs

  std::uint64_t wanted_rows() const { return drawn * static_cast<std::uint64_t>(info.repeats); }
  std::uint64_t rows() const { return inferences + failed_inferences + quarantined_inferences; }

  static constexpr std::uint16_t kNoClass = 0xFFFF;
};

std::vector<const Measured*> all_measured(const Scorecard& card);  // latency first
// Of one without, nothing: its steps_per_base is 0.
const Measured& measured(const Scorecard& card, const Quantity& quantity);

inline bool was_run(const Scorecard& card, std::size_t vector) {
  return card.answers[vector] != Answer::not_run;
}

// It was answered, or killed the device.
inline bool was_scored(const Scorecard& card, std::size_t vector) {
  return was_run(card, vector) && card.answers[vector] != Answer::missing;
}

// Of a task whose answers are right or wrong.
inline bool is_right(const Scorecard& card, std::size_t vector) { return card.scores[vector] == 1; }

}  // namespace tinyhil
