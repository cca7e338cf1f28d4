// SPDX-License-Identifier: Apache-2.0
// Candidate beside baseline, vector by vector, in counts: made by metric/, read by gate/ and report/. Only
// the first repeat of a vector is paired.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tinyhil {

// Vectors by who was right. A candidate without an answer is wrong; a vector that the baseline did not answer
// is in no count.
struct PairCounts {
  std::uint64_t both_right = 0;
  std::uint64_t lost = 0;    // baseline right, candidate wrong
  std::uint64_t gained = 0;  // baseline wrong, candidate right
  std::uint64_t both_wrong = 0;

  std::uint64_t n() const { return both_right + lost + gained + both_wrong; }
};

struct ValueCount {
  std::int64_t value = 0;
  std::uint64_t count = 0;
};
using Histogram = std::vector<ValueCount>;  // ascending values, no empty ones

// How far outputs moved, in steps of the candidate's output.
struct ScoreDrift {
  std::string unlike;            // why outputs cannot be compared ("other scale", "top-k"); empty: they can
  std::uint64_t n = 0;           // vectors that both answered
  Histogram largest_step;        // of each vector: the largest |candidate - baseline| over its elements
  std::uint64_t flipped = 0;     // vectors whose top class changed
  std::uint64_t within_gap = 0;  // vectors whose baseline's top two are at most 2 * the largest step apart
};

struct ClassScores {
  std::vector<double> candidate;  // [n] score of one class, of vectors that both answered
  std::vector<double> baseline;   // [n]
  std::vector<bool> is_class;     // [n] the label
};

struct Comparison {
  PairCounts all;
  std::vector<std::vector<PairCounts>> slices;    // [slice of the vector set][value]
  std::vector<std::vector<PairCounts>> by_label;  // [slice][value * classes + label]
  ScoreDrift drift;
  Histogram tick_change;  // of vectors timed on both sides: candidate - baseline, in ticks of the one clock
  Histogram candidate_ticks, baseline_ticks;       // of the same vectors
  std::function<ClassScores(std::size_t)> scores;  // of a class, read from the rows when asked: they are many
};

}  // namespace tinyhil
