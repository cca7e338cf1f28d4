// SPDX-License-Identifier: Apache-2.0
#include "window_samples.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

namespace tinyhil::meter {
namespace {

// Bits 14 to 16 of a ppk2_u32; 5 to 7 mean nothing.
std::size_t range_in_word(const std::uint8_t* word) {
  return static_cast<std::size_t>((word[1] >> 6) | ((word[2] & 1) << 2));
}

}  // namespace

RangeOfSample::RangeOfSample(const MeterIdentity& identity, WordFormat format)
    : in_words_(format == WordFormat::ppk2_u32 && identity.ranges.size() > 1) {
  for (const MeterRange& range : identity.ranges) tops_.push_back(static_cast<float>(range.top_a));
  if (tops_.empty()) tops_.push_back(std::numeric_limits<float>::infinity());
}

std::size_t RangeOfSample::operator()(const SampleBlock& block, std::size_t i) const {
  if (in_words_) return std::min(range_in_word(block.words.data() + 4 * i), tops_.size() - 1);
  const float magnitude = std::abs(block.current_a[i]);
  std::size_t range = 0;
  while (range + 1 < tops_.size() && magnitude > tops_[range]) ++range;
  return range;
}

void RangeSwitches::sample(std::size_t range, float current_a) {
  const bool changed = range_ && *range_ != range;
  range_ = range;
  if (changed) {
    after_ = 0;
    sum_ = 0;
  }
  if (after_ >= kSettled) return;
  if (++after_ < kSettled) {
    sum_ += static_cast<double>(current_a);
    return;
  }
  total_ += std::abs(sum_ - (kSettled - 1) * static_cast<double>(current_a));
}

void SampleNoise::sample(float current_a) {
  if (last_) {
    sum_ += std::min(std::abs(static_cast<double>(current_a) - static_cast<double>(*last_)), most_);
    ++count_;
  }
  last_ = current_a;
}

double SampleNoise::deviation() const {
  // The difference of two normal ones has the mean magnitude 2 sigma / sqrt(pi).
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_) / (2 * std::numbers::inv_sqrtpi);
}

}  // namespace tinyhil::meter
