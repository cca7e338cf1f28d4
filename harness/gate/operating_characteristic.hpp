// SPDX-License-Identifier: Apache-2.0
// How often a rule of paired accuracy passes, fails or stays undecided, and after how many vectors, if the
// truth were known: by seeded simulation of whole campaigns.
#pragma once

#include <cstdint>
#include <vector>

#include "model/scorecard.hpp"
#include "sampling/sampling.hpp"

namespace tinyhil::gate {

// What would be true of vectors without end: of each, independently, gained - lost and gained + lost.
struct Truth {
  double difference = 0;   // candidate - baseline
  double discordance = 0;  // share on which only one of them is right, |difference| .. 1

  double lost() const { return (discordance - difference) / 2; }
  double gained() const { return (discordance + difference) / 2; }
};

// The least discordance that a difference can have is itself; half a point more, and no less than `usual`.
Truth truth_at(double difference, double usual_discordance);

struct Design {
  double margin = 0;
  double alpha = 0.05;
  StopRule stop = StopRule::e_process;
  Claim claim = Claim::unseen;
  std::vector<std::uint64_t> looks{};  // after so many vectors, ascending; the last ends the campaign
  double expected_discordance = 0;     // that the SPRT is told
  bool disagreement_first = false;     // the host foresees every disagreement, and the device is as it says
};

// The rule as `sampling` runs it over a set of `count` vectors.
Design design_of(const sampling::Sampling& sampling, double margin, double alpha, std::uint64_t count);
// All of them, one look: bounds at a fixed number of vectors.
Design fixed_design(double margin, double alpha, std::uint64_t count);

struct Characteristic {
  Truth truth;
  std::uint64_t runs = 0;
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  double mean_vectors = 0;         // until the decision, or the last look
  std::uint64_t upper_decile = 0;  // nine campaigns in ten end by then

  std::uint64_t undecided() const { return runs - passed - failed; }
};

// Equal arguments give equal numbers on every machine. With Claim::this_set the set is drawn anew from the
// truth's proportions, rounded, for each campaign only its order is random.
Characteristic characteristic(const Design& design, const Truth& truth, std::uint64_t runs,
                              std::uint64_t seed);

}  // namespace tinyhil::gate
