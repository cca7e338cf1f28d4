// SPDX-License-Identifier: Apache-2.0
// Candidate beside baseline, vector by vector, in counts: made by metric/, read by gate/ and report/. A
// vector is paired once, by each side's first repeat whose output counts. A side has no answer to a vector
// when it has no such repeat, or when one of its repeats is quarantined.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "measured.hpp"

namespace tinyhil {

// Vectors by who was right. A candidate without an answer is wrong; a vector that the baseline did not answer
// is in no count. Where a task's scores are more than right or wrong, all counts are 0, and what is compared
// are the scores of the two scorecards.
struct PairCounts {
  std::uint64_t both_right = 0;
  std::uint64_t lost = 0;    // baseline right, candidate wrong
  std::uint64_t gained = 0;  // baseline wrong, candidate right
  std::uint64_t both_wrong = 0;

  std::uint64_t n() const { return both_right + lost + gained + both_wrong; }
  bool operator==(const PairCounts&) const = default;
};

struct ValueCount {
  std::int64_t value = 0;
  std::uint64_t count = 0;
  bool operator==(const ValueCount&) const = default;
};
using Histogram = std::vector<ValueCount>;  // ascending values, no empty ones

// How far outputs moved, in steps of the element type: for float32 a step is one float. Where outputs cannot
// be compared step by step, only n and flipped are counted.
struct ScoreDrift {
  std::string unlike;         // why they cannot ("other scale: ...", "top-k: ..."); empty: they can
  std::uint64_t n = 0;        // vectors that both answered
  Histogram largest_step;     // of each vector: the largest |candidate - baseline| over its elements
  std::uint64_t flipped = 0;  // vectors whose class changed; 0 where the task has none
  // Vectors whose baseline's top two are at most twice the largest step of all vectors apart: as much drift
  // on them could flip the class; 0 where the class is not the largest element.
  std::uint64_t within_gap = 0;
};

// Empty where one side has only its largest elements (top-k).
struct ClassScores {
  std::vector<double> candidate;  // [n] score of one class in real units, of vectors that both answered
  std::vector<double> baseline;   // [n]
  std::vector<bool> is_class;     // [n] the label
};

// One quantity of the vectors that were measured on both sides, by the row that answers each.
struct PairedSteps {
  Quantity quantity = kLatency;
  std::string
      unlike;        // why steps cannot be compared ("throughput mode", "other clock: ..."); empty: they can
  Histogram change;  // candidate - baseline, in steps of the one source
  Histogram candidate, baseline;  // of the same vectors
};

struct Comparison {
  PairCounts all;
  std::vector<std::vector<PairCounts>> slices;    // [slice of the vector set][value]
  std::vector<std::vector<PairCounts>> by_label;  // [slice][value * classes + label]; empty without classes
  ScoreDrift drift;
  PairedSteps latency;
  std::vector<PairedSteps> further;  // of the other quantities of Scorecard::further
  // Of a class, read from the rows when asked, for they are many: the trials and vectors must still live.
  std::function<ClassScores(std::size_t)> scores;
  // Of each vector, read from the rows when asked: as in drift.largest_step; kNoStep where a side did not
  // answer. Not to be asked where drift.unlike says why.
  std::function<std::vector<std::int32_t>()> largest_steps;
  static constexpr std::int32_t kNoStep = -1;

  const PairedSteps& of(const Quantity& quantity) const;  // nothing: as of no vector
};

}  // namespace tinyhil
