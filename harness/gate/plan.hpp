// SPDX-License-Identifier: Apache-2.0
// How many vectors a policy will take until it decides, before any board is touched.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gate.hpp"
#include "operating_characteristic.hpp"

namespace tinyhil::gate {

// What one rule of paired accuracy looks at: all vectors, or those of one slice value.
struct Subject {
  std::string name;  // "all vectors", "accent = scottish"
  std::uint64_t vectors = 0;
  double share = 1;  // of the set
};

// Slice values with fewer vectors than the rule's min_n are left out: they stay undecided. Throws
// Error(usage) for a slice that the set does not have.
std::vector<Subject> subjects_of(const Demand& demand, const VectorSet& vectors);

// The design by which `subject` is decided when the set is looked at as `sampling` says.
Design design_of(const Policy& policy, const Demand& demand, const Subject& subject,
                 const VectorSet& vectors);

struct Assumptions {
  double discordance = 0;          // share of vectors on which the models disagree
  std::optional<double> effect{};  // true difference
  std::uint64_t runs = 1000;       // campaigns to simulate
  std::uint64_t seed = 1;
};

struct PlannedCase {
  Truth truth;
  Characteristic outcome;      // in vectors of the subject
  std::uint64_t expected = 0;  // vectors of the set until the subject is decided
};

struct AccuracyPlan {
  std::string rule;
  Subject subject;       // the one that takes longest, if nothing differs
  std::size_t subjects;  // that the rule has
  double margin;
  // by formula: vectors of the set, one look, 90 % power, no true difference; at least what shows the margin
  // when none is lost
  std::uint64_t fixed;
  std::uint64_t most;  // vectors of the set that will be run at most
  PlannedCase equal;   // no difference
  PlannedCase at_margin;
  std::optional<PlannedCase> at_effect;
};

struct LatencyPlan {
  std::string rule;
  double quantile;
  std::uint64_t fewest;  // vectors below which no rank bounds the quantile
};

struct Plan {
  std::vector<AccuracyPlan> accuracy;
  std::vector<LatencyPlan> latency;
  std::vector<std::string> by_recordings{};  // rules that go by windows (energy_forecast.hpp), not by vectors
  std::vector<std::string> left_out{};       // rules of which nothing is planned
};

Plan plan(const Policy& policy, const VectorSet& vectors, const Assumptions& assumptions);

}  // namespace tinyhil::gate
