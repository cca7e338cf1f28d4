// SPDX-License-Identifier: Apache-2.0
#include "brunner_munzel.hpp"

#include <cmath>

#include "merged_histogram.hpp"
#include "student.hpp"

namespace tinyhil::stats {
namespace {

// Of one side's observations: how many of the other side are below (equal ones half).
struct PlacementSums {
  double n = 0, sum = 0, squares = 0;

  void add(double count, double below) {
    n += count;
    sum += count * below;
    squares += count * below * below;
  }
  double variance() const { return (squares - sum * sum / n) / (n - 1); }
};

}  // namespace

std::optional<BrunnerMunzel> brunner_munzel(const Histogram& baseline, const Histogram& candidate) {
  PlacementSums base, cand;
  double below_b = 0, below_c = 0;
  // As shares of the other side, so that the squares keep their digits at any n.
  const auto n = static_cast<double>(total(baseline)), m = static_cast<double>(total(candidate));
  if (n < 2 || m < 2) return std::nullopt;
  for (const MergedBin& bin : merged_histogram(baseline, candidate)) {
    const auto b = static_cast<double>(bin.baseline), c = static_cast<double>(bin.candidate);
    base.add(b, (below_c + c / 2) / m - 0.5);
    cand.add(c, (below_b + b / 2) / n - 0.5);
    below_b += b;
    below_c += c;
  }
  const double of_b = base.variance() / n, of_c = cand.variance() / m;
  if (of_b + of_c < 1e-14) return std::nullopt;
  BrunnerMunzel found;
  found.greater = 0.5 + cand.sum / m;
  found.statistic = (found.greater - 0.5) / std::sqrt(of_b + of_c);
  found.degrees = (of_b + of_c) * (of_b + of_c) / (of_b * of_b / (n - 1) + of_c * of_c / (m - 1));
  found.p_two_sided = student_p_two_sided(found.statistic, found.degrees);
  return found;
}

}  // namespace tinyhil::stats
