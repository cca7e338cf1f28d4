// SPDX-License-Identifier: Apache-2.0
#include "paired_mean.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "group_mean.hpp"

namespace tinyhil::stats {
namespace {

std::vector<GroupTotal> values(const Pairs& pairs) {
  assert(pairs.lost + pairs.gained <= pairs.n);
  std::vector<GroupTotal> values{
      {-1, 1, pairs.lost}, {1, 1, pairs.gained}, {0, 1, pairs.n - pairs.lost - pairs.gained}};
  std::erase_if(values, [](const GroupTotal& value) { return value.groups <= 0; });
  return values;
}

}  // namespace

// Where the models disagree on every pair, three products may round to one pair more than there are.
Pairs Pairs::scaled(double factor) const {
  const double to_lost = lost * factor, to_gained = gained * factor;
  return {to_lost, to_gained, std::max(n * factor, to_lost + to_gained)};
}

double p_not_worse(const Pairs& pairs, double margin) { return p_above(values(pairs), -margin, -1); }

double p_worse(const Pairs& pairs, double margin) { return p_below(values(pairs), -margin, 1); }

double lower_bound(const Pairs& pairs, double confidence) {
  return mean_lower_bound(values(pairs), -1, confidence);
}

double upper_bound(const Pairs& pairs, double confidence) {
  return mean_upper_bound(values(pairs), 1, confidence);
}

}  // namespace tinyhil::stats
