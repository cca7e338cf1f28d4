// SPDX-License-Identifier: Apache-2.0
// How many of n went wrong, held against a share that is allowed.
#pragma once

#include <cstdint>
#include <string>

#include "gate/groups.hpp"

namespace tinyhil::gate {

struct AllowedShare {
  std::uint64_t seen;
  std::uint64_t n;
  double most;      // 0: none of these n, whatever others would do
  double alpha;     // of each bound
  Groups groups{};  // the same counts by group, where vectors come in groups
};

// Clopper and Pearson's bounds, each alone at 1 - alpha, decide about a share that is above 0; where vectors
// come in groups, bounds over groups. The caller says what was counted and adds its reason; the bounds are
// told by told_share().
Check share_check(std::string subject, const AllowedShare& share);

// "0.25 % of all (90 % interval 0.06 % .. 0.7 %, 800 vectors from 98 speakers); at most 1 % allowed", and
// what would help.
std::string told_share(const Check& check, const Groups& groups);

// "Clopper-Pearson", or by what method over groups.
std::string way_of_shares(const VectorSet& vectors);

}  // namespace tinyhil::gate
