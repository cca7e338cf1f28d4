// SPDX-License-Identifier: Apache-2.0
// Vectors of one group (the words of a speaker, the windows of a machine) hang together: what is counted over
// them is bounded over groups, by stats/group_mean.hpp, for groups that differ by however much.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gate.hpp"
#include "stats/group_mean.hpp"

namespace tinyhil::gate {

// Below it nothing is said of groups that were not seen: 9 that show nothing bad leave room for 28 % that
// are.
inline constexpr std::uint64_t kFewestGroups = 10;

inline constexpr const char* kWayOfGroups = "bounds over groups, one group more taken to be the worst";

// A value of each vector, summed over its group.
struct Groups {
  std::vector<stats::GroupTotal> totals;  // equal ones together; empty: no two of the vectors share a group
  std::uint64_t count = 0;
  std::string unit;          // "speaker"
  bool are_vectors = false;  // each vector is a group of its own, for its value is neither 0 nor 1

  bool any() const { return !totals.empty(); }
  bool too_few() const { return any() && count < kFewestGroups; }
  std::string told() const;  // "98 speakers"
};

// Two vectors are of one group.
bool shares_groups(const VectorSet& vectors);

// From one total per group, in any order.
Groups alike_together(const std::vector<stats::GroupTotal>& each, std::string unit);

// From one value of each vector that is within a range and no count: each is a group of its own.
Groups each_vector(const std::vector<double>& values);

// `value`: of a vector by its number; nothing where it does not belong to what is counted, or was not run.
//   groups_of(vectors, [&](std::size_t i) -> std::optional<double> { return is_right(i) ? 1 : 0; })
Groups groups_of(const VectorSet& vectors, const std::function<std::optional<double>(std::size_t)>& value);

// Bounds of the mean of values within 0 .. 1, each alone at 1 - alpha; 0 .. 1 of too few groups.
Interval share_bounds(const Groups& groups, double alpha);

// ", 1200 vectors from 98 speakers"; empty where there are no groups.
std::string from_groups(const Groups& groups, std::uint64_t vectors);

// How many groups more would be expected to decide that the mean is above `limit` (below it), with values
// from `worst`, which no group is beyond. Nothing when more would not help.
std::optional<std::uint64_t> more_groups_above(const Groups& groups, double limit, double worst,
                                               double alpha);
std::optional<std::uint64_t> more_groups_below(const Groups& groups, double limit, double worst,
                                               double alpha);

// Makes the check ask for groups instead of vectors, unless these are the groups.
void ask_for_groups(Check& check, const Groups& groups, std::optional<std::uint64_t> more);

// "; only 7 speakers: nothing is said of others from fewer than 10"
std::string too_few_words(const Groups& groups);

// What a policy may say of latencies: those of one group are independent.
bool read_ignores_groups(const Section& section);
std::string ignored_groups_note(const VectorSet& vectors, bool ignored);

}  // namespace tinyhil::gate
