// SPDX-License-Identifier: Apache-2.0
#include "batch_means.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tinyhil::stats {
namespace {

constexpr std::size_t kBatches = 20;
constexpr std::size_t kFewestBatches = 10;
constexpr std::size_t kMostBatches = 64;
constexpr double kCorrelationMax = 0.8;

double sum_there(std::span<const float> samples, std::uint64_t& count) {
  double sum = 0;
  for (const float sample : samples) {
    if (!std::isfinite(sample)) continue;
    sum += sample;
    ++count;
  }
  return sum;
}

// Variance of the mean of `means` and how neighbours go together.
struct Scatter {
  double variance = 0;
  double correlation = 0;
};

Scatter scatter_of(const std::vector<double>& means) {
  const auto n = static_cast<double>(means.size());
  double mean = 0, squares = 0, products = 0;
  for (const double value : means) mean += value / n;
  for (std::size_t i = 0; i < means.size(); ++i) {
    squares += (means[i] - mean) * (means[i] - mean);
    if (i > 0) products += (means[i] - mean) * (means[i - 1] - mean);
  }
  if (squares <= 0) return {};
  return {squares / (n - 1) / n, std::clamp(products / squares, 0.0, kCorrelationMax)};
}

}  // namespace

std::size_t batches_for(std::uint64_t periods) {
  for (std::size_t batches = kMostBatches; batches >= kFewestBatches; --batches)
    if (periods % batches == 0 && periods > 0) return batches;
  return kBatches;
}

BatchMeans::BatchMeans(std::uint64_t length, std::size_t batches) : length_(length), batches_(batches) {
  assert(length > 0 && batches > 1);
}

std::uint64_t BatchMeans::begin_of(std::size_t batch) const {
  const double share = static_cast<double>(batch) / static_cast<double>(batches_.size());
  return static_cast<std::uint64_t>(std::llround(share * static_cast<double>(length_)));
}

void BatchMeans::add(std::span<const float> samples) {
  while (!samples.empty() && seen_ < length_) {
    while (begin_of(current_ + 1) <= seen_) ++current_;
    const std::uint64_t room = begin_of(current_ + 1) - seen_;
    const std::size_t taken = std::min<std::uint64_t>(room, samples.size());
    Batch& batch = batches_[current_];
    batch.sum += sum_there(samples.first(taken), batch.count);
    samples = samples.subspan(taken);
    seen_ += taken;
  }
}

void BatchMeans::skip(std::uint64_t missing) { seen_ += std::min(missing, length_ - seen_); }

MeanOfBatches BatchMeans::result() const {
  double sum = 0;
  std::uint64_t count = 0;
  std::vector<double> means;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    const Batch& batch = batches_[i];
    sum += batch.sum;
    count += batch.count;
    const std::uint64_t whole = begin_of(i + 1) - begin_of(i);
    if (batch.count > 0 && batch.count * 2 >= whole)
      means.push_back(batch.sum / static_cast<double>(batch.count));
  }
  MeanOfBatches result;
  if (count > 0) result.mean = sum / static_cast<double>(count);
  if (means.size() < 3) return result;
  const Scatter scatter = scatter_of(means);
  const double inflation = (1 + scatter.correlation) / (1 - scatter.correlation);
  result.standard = std::sqrt(scatter.variance * inflation);
  result.degrees = static_cast<double>(means.size() - 1);
  return result;
}

}  // namespace tinyhil::stats
