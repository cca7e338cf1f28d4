// SPDX-License-Identifier: Apache-2.0
#include "blocks.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace tinyhil::stats {
namespace {

constexpr std::size_t kMostLags = 2000;
constexpr double kTausPerBlock = 10;
constexpr double kIndependent = 1.1;  // a tau below is what independent values show, too

double autocovariance(const std::vector<double>& centred, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < centred.size(); ++i) sum += centred[i] * centred[i - lag];
  return sum / static_cast<double>(centred.size());
}

std::vector<double> centred(std::span<const double> series) {
  const double mean = std::accumulate(series.begin(), series.end(), 0.0) / static_cast<double>(series.size());
  std::vector<double> values(series.begin(), series.end());
  for (double& value : values) value -= mean;
  return values;
}

}  // namespace

std::vector<double> block_means(std::span<const double> series, std::size_t length) {
  assert(length > 0);
  std::vector<double> means;
  for (; series.size() >= length; series = series.subspan(length)) {
    const auto block = series.first(length);
    means.push_back(std::accumulate(block.begin(), block.end(), 0.0) / static_cast<double>(length));
  }
  return means;
}

double effective_size(std::span<const double> series) {
  const auto n = static_cast<double>(series.size());
  if (series.size() < 2) return n;
  const std::vector<double> values = centred(series);
  const double variance = autocovariance(values, 0);
  if (variance <= 0) return n;
  double tau = -1;
  for (std::size_t lag = 0; lag + 1 < values.size(); lag += 2) {
    if (lag >= kMostLags) return 1;
    const double pair = (lag == 0 ? variance : autocovariance(values, lag)) + autocovariance(values, lag + 1);
    if (pair <= 0) break;
    tau += 2 * pair / variance;
  }
  return tau <= 1 ? n : std::max(1.0, n / tau);
}

std::size_t block_length(std::span<const double> series) {
  if (series.empty()) return 1;
  const double tau = static_cast<double>(series.size()) / effective_size(series);
  return tau <= kIndependent ? 1 : static_cast<std::size_t>(std::ceil(kTausPerBlock * tau));
}

}  // namespace tinyhil::stats
