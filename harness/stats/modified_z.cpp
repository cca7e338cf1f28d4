// SPDX-License-Identifier: Apache-2.0
#include "modified_z.hpp"

#include <cmath>
#include <limits>

#include "median.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kNormal = 0.6745;  // MAD of a normal distribution, in standard deviations

// From so many values on; the larger of those that an odd and an even number need.
struct LimitFrom {
  std::size_t n;
  double limit;
};
constexpr LimitFrom kLimits[] = {{301, 4.2}, {30, 3.9}, {15, 4.3}, {10, 4.7},
                                 {8, 5.1},   {6, 5.9},  {4, 7.9},  {3, 22}};

}  // namespace

std::vector<double> modified_z(std::span<const double> values) {
  if (values.empty()) return {};
  const double median = median_of({values.begin(), values.end()});
  std::vector<double> scores;
  for (const double value : values) scores.push_back(std::abs(value - median));
  const double mad = median_of(scores);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double distance = values[i] - median;
    scores[i] = mad > 0 ? kNormal * distance / mad : distance * std::numeric_limits<double>::infinity();
    if (distance == 0) scores[i] = 0;
  }
  return scores;
}

std::optional<double> modified_z_limit(std::size_t n) {
  for (const LimitFrom& each : kLimits)
    if (n >= each.n) return each.limit;
  return std::nullopt;
}

}  // namespace tinyhil::stats
