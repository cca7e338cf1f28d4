// SPDX-License-Identifier: Apache-2.0
#include "welch.hpp"

#include <cmath>
#include <numeric>

#include "student.hpp"

namespace tinyhil::stats {
namespace {

struct Mean {
  double value = 0;
  double variance = 0;  // of the mean
};

Mean mean_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  Mean mean{std::accumulate(values.begin(), values.end(), 0.0) / n};
  for (const double value : values) mean.variance += (value - mean.value) * (value - mean.value);
  mean.variance /= (n - 1) * n;
  return mean;
}

}  // namespace

double Welch::p_two_sided() const { return student_p_two_sided(t(), degrees); }

Interval Welch::bounds(double confidence) const {
  const double half = student_quantile(confidence, degrees) * se;
  return {difference - half, difference + half};
}

std::optional<Welch> welch(std::span<const double> baseline, std::span<const double> candidate) {
  if (baseline.size() < 2 || candidate.size() < 2) return std::nullopt;
  const Mean base = mean_of(baseline), cand = mean_of(candidate);
  const double variance = base.variance + cand.variance;
  if (variance <= 0) return std::nullopt;
  const double of_base = base.variance * base.variance / static_cast<double>(baseline.size() - 1);
  const double of_cand = cand.variance * cand.variance / static_cast<double>(candidate.size() - 1);
  return Welch{cand.value - base.value, std::sqrt(variance), variance * variance / (of_base + of_cand)};
}

}  // namespace tinyhil::stats
