// SPDX-License-Identifier: Apache-2.0
#include "warm_up.hpp"

#include <vector>

#include "blocks.hpp"

namespace tinyhil::stats {
namespace {

constexpr std::size_t kBatch = 5;
constexpr std::size_t kFewestBatches = 4;

// [d] the quotient after dropping d, from the end so that each takes one step (Welford).
std::vector<double> quotients(const std::vector<double>& batches) {
  std::vector<double> quotient(batches.size());
  double n = 0, mean = 0, squares = 0;
  for (std::size_t d = batches.size(); d-- > 0;) {
    const double before = batches[d] - mean;
    mean += before / ++n;
    squares += before * (batches[d] - mean);
    quotient[d] = squares / (n * n);
  }
  return quotient;
}

}  // namespace

std::optional<std::size_t> warm_up_cut(std::span<const double> series) {
  const std::vector<double> batches = block_means(series, kBatch);
  if (batches.size() < kFewestBatches) return std::nullopt;
  const std::vector<double> quotient = quotients(batches);
  const std::size_t most = batches.size() / 2;
  std::size_t best = 0;
  for (std::size_t d = 1; d <= most; ++d) {
    if (quotient[d] < quotient[best]) best = d;
  }
  if (best == most) return std::nullopt;
  return best * kBatch;
}

}  // namespace tinyhil::stats
