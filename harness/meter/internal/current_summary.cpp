// SPDX-License-Identifier: Apache-2.0
#include "current_summary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <experimental/simd>
#include <numeric>

namespace tinyhil::meter {
namespace {

namespace simd = std::experimental;
using Four = simd::simd<float, simd::simd_abi::deduce_t<float, 4>>;

constexpr std::size_t kSummaryFactor = 16;
constexpr std::size_t kLanes = 16;  // an addition need not wait for the one before it

bool is_current(float value) { return std::abs(value) <= std::numeric_limits<float>::max(); }  // no NaN

double lanes_sum(std::span<const float> current, auto term) {
  std::array<double, kLanes> sums{};
  for (; current.size() >= kLanes; current = current.subspan(kLanes))
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += term(current[lane]);
  for (std::size_t lane = 0; lane < current.size(); ++lane) sums[lane] += term(current[lane]);
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

// One value that is not finite makes the sum not finite either.
CurrentSummary summary_of_sixteen(const float* current) {
  static_assert(kSummaryFactor == 4 * Four::size());
  const Four a(current, simd::element_aligned), b(current + 4, simd::element_aligned),
      c(current + 8, simd::element_aligned), d(current + 12, simd::element_aligned);
  const float sum = simd::reduce((a + b) + (c + d));
  if (!is_current(sum)) return summary_of({current, kSummaryFactor});
  return {simd::hmin(simd::min(simd::min(a, b), simd::min(c, d))),
          simd::hmax(simd::max(simd::max(a, b), simd::max(c, d))), sum};
}

}  // namespace

CurrentSummary summary_of(std::span<const float> current) {
  CurrentSummary summary;
  for (const float value : current)
    if (is_current(value)) summary = joined(summary, {value, value, value});
  return summary;
}

void summarize(std::span<const float> current, std::vector<CurrentSummary>& level) {
  for (; current.size() >= kSummaryFactor; current = current.subspan(kSummaryFactor))
    level.push_back(summary_of_sixteen(current.data()));
  if (!current.empty()) level.push_back(summary_of(current));
}

void summarize(std::span<const CurrentSummary> finer, std::vector<CurrentSummary>& level) {
  while (!finer.empty()) {
    const auto together = finer.first(std::min(kSummaryFactor, finer.size()));
    level.push_back(std::accumulate(together.begin(), together.end(), CurrentSummary{}, joined));
    finer = finer.subspan(together.size());
  }
}

double sum_of(std::span<const float> current) {
  const double sum = lanes_sum(current, [](float value) { return static_cast<double>(value); });
  if (std::isfinite(sum)) return sum;
  return lanes_sum(current, [](float value) { return is_current(value) ? static_cast<double>(value) : 0.0; });
}

}  // namespace tinyhil::meter
