// SPDX-License-Identifier: Apache-2.0
#include "disparity.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "intervals.hpp"
#include "normal.hpp"
#include "random.hpp"

namespace tinyhil {
namespace {

struct Rate {
  double p, low, high;
};

std::vector<Rate> rates(std::span<const GroupRate> groups, double alpha) {
  std::vector<Rate> found;
  for (const GroupRate& group : groups) {
    if (group.n == 0) continue;
    const Interval limits = wilson(group.successes, group.n, 1 - 2 * alpha);
    found.push_back(
        {static_cast<double>(group.successes) / static_cast<double>(group.n), limits.low, limits.high});
  }
  return found;
}

double upper_difference(const Rate& i, const Rate& j) {
  return i.p - j.p + std::hypot(i.high - i.p, j.p - j.low);
}

double lower_difference(const Rate& i, const Rate& j) {
  return i.p - j.p - std::hypot(i.p - i.low, j.high - j.p);
}

// The largest value over ordered pairs of groups; 0 when there is no pair, as no gap is smaller.
double largest(const std::vector<Rate>& rates, double (*of)(const Rate&, const Rate&)) {
  double found = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    for (std::size_t j = 0; j < rates.size(); ++j) {
      if (i != j) found = std::max(found, of(rates[i], rates[j]));
    }
  }
  return found;
}

void name_extremes(std::span<const GroupRate> groups, Gap& gap) {
  double low = 2, high = -1;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].n == 0) continue;
    const double p = static_cast<double>(groups[i].successes) / static_cast<double>(groups[i].n);
    if (p < low) low = p, gap.lowest = i;
    if (p > high) high = p, gap.highest = i;
  }
  gap.estimate = std::max(0.0, high - low);
}

// One group's counts, drawn as often as it has vectors, from its smoothed cells.
struct Cells {
  std::uint64_t n;
  double right, lost, gained, wrong;  // shares; they sum to 1
};

Cells cells_of(const PairCounts& counts, double smoothing) {
  const double n = static_cast<double>(counts.n()), all = n + smoothing;
  return {counts.n(), static_cast<double>(counts.both_right) / all,
          (static_cast<double>(counts.lost) + smoothing / 2) / all,
          (static_cast<double>(counts.gained) + smoothing / 2) / all,
          static_cast<double>(counts.both_wrong) / all};
}

PairCounts drawn(const Cells& cells, Random& random) {
  const auto part = [&](std::uint64_t n, double share, double rest) {
    return rest <= 0 ? 0 : random.binomial(n, std::min(1.0, share / rest));
  };
  PairCounts counts;
  counts.lost = part(cells.n, cells.lost, 1);
  std::uint64_t left = cells.n - counts.lost;
  counts.gained = part(left, cells.gained, 1 - cells.lost);
  left -= counts.gained;
  counts.both_right = part(left, cells.right, cells.right + cells.wrong);
  counts.both_wrong = left - counts.both_right;
  return counts;
}

// Takes in groups one by one.
class Change {
 public:
  void add(double candidate, double baseline) {
    candidate_.add(candidate);
    baseline_.add(baseline);
  }
  void add(const PairCounts& counts) {
    const auto n = static_cast<double>(counts.n());
    add(static_cast<double>(counts.both_right + counts.gained) / n,
        static_cast<double>(counts.both_right + counts.lost) / n);
  }
  double value() const { return candidate_.width() - baseline_.width(); }

 private:
  struct Range {
    double low = 1, high = 0;
    void add(double p) { low = std::min(low, p), high = std::max(high, p); }
    double width() const { return std::max(0.0, high - low); }
  };
  Range candidate_, baseline_;
};

}  // namespace

Interval difference_of_rates(const GroupRate& a, const GroupRate& b, double confidence) {
  const std::array<GroupRate, 2> both{a, b};
  const std::vector<Rate> found = rates(both, 1 - confidence);
  if (found.size() < 2) return {-1, 1};
  return {lower_difference(found[0], found[1]), upper_difference(found[0], found[1])};
}

Gap largest_gap(std::span<const GroupRate> groups, double confidence) {
  assert(confidence > 0.5 && confidence < 1);
  Gap gap;
  if (groups.size() < 2) return gap;
  const auto k = static_cast<double>(groups.size());
  const double alpha = (1 - confidence) / (k * (k - 1) / 2);
  const std::vector<Rate> upper = rates(groups, alpha);
  gap.interval.low = largest(rates(groups, alpha / 2), lower_difference);
  gap.interval.high = upper.size() < groups.size() ? 1 : std::min(1.0, largest(upper, upper_difference));
  name_extremes(groups, gap);
  return gap;
}

GapChange gap_change(std::span<const PairCounts> groups, double confidence, std::uint64_t seed,
                     std::size_t resamples) {
  assert(confidence > 0.5 && confidence < 1 && resamples >= 99);
  const double z = normal_quantile(confidence);
  Change observed;
  std::vector<Cells> cells;
  for (const PairCounts& group : groups) {
    if (group.n() == 0) continue;
    observed.add(group);
    cells.push_back(cells_of(group, z * z));
  }
  GapChange change{observed.value(), {-1, 1}};
  if (cells.size() < groups.size()) return change;
  if (groups.size() < 2) return {};
  Random random(seed);
  std::vector<double> values(resamples);
  for (double& value : values) {
    Change resampled;
    for (const Cells& group : cells) resampled.add(drawn(group, random));
    value = resampled.value();
  }
  std::sort(values.begin(), values.end());
  const double ranks = static_cast<double>(resamples + 1);
  const auto tail = static_cast<std::size_t>(std::max(1.0, std::floor(ranks * (1 - confidence))));
  change.interval = {values[tail - 1], values[resamples - tail]};
  return change;
}

}  // namespace tinyhil
