// SPDX-License-Identifier: Apache-2.0
#include "coverage_width.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>

#include "stats/normal.hpp"
#include "student.hpp"

namespace tinyhil::stats {
namespace {

constexpr std::size_t kCells = 513;  // odd: one is at zero

// Probabilities of the sum of rectangular errors, on cells around -reach .. reach.
struct RectangularSum {
  double reach = 0;
  double step = 0;
  std::vector<double> mass;
};

double cumulative_at(std::span<const double> cumulative, double cells) {
  const double last = static_cast<double>(cumulative.size() - 1);
  const double at = std::clamp(cells, 0.0, last);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, cumulative.size() - 1);
  return std::lerp(cumulative[below], cumulative[above], at - static_cast<double>(below));
}

// Each cell becomes the mean of what lies within half a box around it.
void convolve_with_box(std::vector<double>& mass, double half_in_cells) {
  std::vector<double> cumulative(mass.size() + 1, 0.0);
  std::partial_sum(mass.begin(), mass.end(), cumulative.begin() + 1);
  for (std::size_t i = 0; i < mass.size(); ++i) {
    const double centre = static_cast<double>(i) + 0.5;
    mass[i] = (cumulative_at(cumulative, centre + half_in_cells) -
               cumulative_at(cumulative, centre - half_in_cells)) /
              (2 * half_in_cells);
  }
}

RectangularSum sum_of(std::span<const double> half_widths) {
  RectangularSum sum;
  sum.reach = std::accumulate(half_widths.begin(), half_widths.end(), 0.0);
  sum.step = 2 * sum.reach / (kCells - 1);
  sum.mass.assign(kCells, 0.0);
  sum.mass[kCells / 2] = 1;
  if (sum.reach == 0) return sum;
  for (const double half : half_widths) convolve_with_box(sum.mass, half / sum.step);
  const double total = std::accumulate(sum.mass.begin(), sum.mass.end(), 0.0);
  for (double& mass : sum.mass) mass /= total;
  return sum;
}

double probability_within(double half, const RectangularSum& sum, double sigma) {
  double probability = 0;
  for (std::size_t i = 0; i < kCells; ++i) {
    const double centre = static_cast<double>(i) * sum.step - sum.reach;
    if (sum.mass[i] > 0)
      probability +=
          sum.mass[i] * (normal_cdf((half - centre) / sigma) - normal_cdf((-half - centre) / sigma));
  }
  return probability;
}

// Boxes narrower than a cell or two are as good as normal.
std::vector<double> wide_ones(const ErrorSum& errors, double& variance) {
  const double reach = std::accumulate(errors.half_widths.begin(), errors.half_widths.end(), 0.0);
  std::vector<double> wide;
  for (const double half : errors.half_widths) {
    if (half > reach * 0.01)
      wide.push_back(half);
    else
      variance += half * half / 3;
  }
  return wide;
}

}  // namespace

double coverage_half_width(const ErrorSum& errors, double confidence) {
  assert(confidence > 0 && confidence < 1);
  assert(errors.student == 0 || errors.degrees > 0);
  const double z = normal_quantile((1 + confidence) / 2);
  const double student =
      errors.student == 0 ? 0 : errors.student * student_quantile((1 + confidence) / 2, errors.degrees) / z;
  double variance = errors.normal * errors.normal + student * student;
  const std::vector<double> wide = wide_ones(errors, variance);
  if (wide.empty()) return z * std::sqrt(variance);
  const RectangularSum sum = sum_of(wide);
  const double sigma = std::max(std::sqrt(variance), sum.step / 2);
  double low = 0, high = sum.reach + 10 * z * sigma;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (probability_within(middle, sum, sigma) < confidence ? low : high) = middle;
  }
  return high;
}

}  // namespace tinyhil::stats
