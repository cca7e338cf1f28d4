// SPDX-License-Identifier: Apache-2.0
#include "delong.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "normal.hpp"
#include "stats/internal/midranks.hpp"

namespace tinyhil::stats {
namespace {

// What each vector contributes to the area: the share of the other kind that it is ranked right against.
struct Placements {
  std::vector<double> of_positives, of_negatives;
  double area = 0;
};

std::vector<double> select(const std::vector<double>& scores, const std::vector<bool>& is_class,
                           bool wanted) {
  std::vector<double> chosen;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (is_class[i] == wanted) chosen.push_back(scores[i]);
  }
  return chosen;
}

Placements placements(const std::vector<double>& scores, const std::vector<bool>& is_class) {
  Placements found{select(scores, is_class, true), select(scores, is_class, false)};
  const auto positives = static_cast<double>(found.of_positives.size());
  const auto negatives = static_cast<double>(found.of_negatives.size());
  const std::vector<double> ranks = midranks(scores);
  const std::vector<double> own_positive = midranks(found.of_positives);
  const std::vector<double> own_negative = midranks(found.of_negatives);
  double sum = 0;
  for (std::size_t i = 0, positive = 0, negative = 0; i < scores.size(); ++i) {
    if (is_class[i]) {
      found.of_positives[positive] = (ranks[i] - own_positive[positive]) / negatives;
      sum += ranks[i] - own_positive[positive++];
    } else {
      found.of_negatives[negative] = 1 - (ranks[i] - own_negative[negative]) / positives;
      ++negative;
    }
  }
  // Ranks are multiples of a half and sum exactly, so that equal areas are equal numbers.
  found.area = sum / (positives * negatives);
  return found;
}

// The variance of the mean of a - b.
double variance_of_mean(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  std::vector<double> change(a.size());
  std::transform(a.begin(), a.end(), b.begin(), change.begin(), std::minus<>());
  const double mean = std::accumulate(change.begin(), change.end(), 0.0) / n;
  double squares = 0;
  for (const double value : change) squares += (value - mean) * (value - mean);
  return squares / (n - 1) / n;
}

bool has_nan(const std::vector<double>& scores) {
  return std::any_of(scores.begin(), scores.end(), [](double score) { return std::isnan(score); });
}

constexpr double kRounding = 1e-12;  // a standard error below is none: placements are shares of n

}  // namespace

double AucDifference::z() const {
  if (se > 0) return difference() / se;
  return difference() == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), difference());
}

double AucDifference::p_two_sided() const { return 2 * normal_cdf(-std::abs(z())); }

Interval AucDifference::bounds(double confidence) const {
  const double half = normal_quantile(confidence) * se;
  return {std::max(-1.0, difference() - half), std::min(1.0, difference() + half)};
}

std::optional<AucDifference> delong(const ClassScores& scores) {
  const std::size_t n = scores.is_class.size();
  assert(scores.candidate.size() == n && scores.baseline.size() == n);
  const auto positives =
      static_cast<std::uint64_t>(std::count(scores.is_class.begin(), scores.is_class.end(), true));
  if (positives < 2 || n - positives < 2) return std::nullopt;
  if (has_nan(scores.candidate) || has_nan(scores.baseline)) return std::nullopt;
  const Placements candidate = placements(scores.candidate, scores.is_class);
  const Placements baseline = placements(scores.baseline, scores.is_class);
  const double se = std::sqrt(variance_of_mean(candidate.of_positives, baseline.of_positives) +
                              variance_of_mean(candidate.of_negatives, baseline.of_negatives));
  return AucDifference{candidate.area, baseline.area, se < kRounding ? 0 : se, positives, n - positives};
}

std::vector<double> placement_changes(const ClassScores& scores) {
  const Placements candidate = placements(scores.candidate, scores.is_class);
  const Placements baseline = placements(scores.baseline, scores.is_class);
  std::vector<double> changes;
  for (std::size_t i = 0, positive = 0, negative = 0; i < scores.is_class.size(); ++i) {
    changes.push_back(scores.is_class[i]
                          ? candidate.of_positives[positive] - baseline.of_positives[positive]
                          : candidate.of_negatives[negative] - baseline.of_negatives[negative]);
    ++(scores.is_class[i] ? positive : negative);
  }
  return changes;
}

}  // namespace tinyhil::stats
