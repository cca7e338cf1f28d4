// SPDX-License-Identifier: Apache-2.0
// What is counted while the samples of a window pass by.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "meter/meter.hpp"
#include "stats/batch_means.hpp"
#include "stats/energy_budget.hpp"

namespace tinyhil::meter {

// Number of the range of each sample of a block.
class RangeOfSample {
 public:
  RangeOfSample(const MeterIdentity& identity, WordFormat format);

  std::size_t operator()(const SampleBlock& block, std::size_t i) const;
  bool in_words() const { return in_words_; }
  std::size_t count() const { return tops_.size(); }

 private:
  bool in_words_;
  std::vector<float> tops_;  // ascending
};

// Ampere-samples that the three samples after each change of range differ from the fourth by.
class RangeSwitches {
 public:
  void sample(std::size_t range, float current_a);
  void interrupt() { after_ = kSettled; }  // by a gap
  double difference() const { return total_; }

 private:
  static constexpr std::uint32_t kSettled = 4;

  std::optional<std::size_t> range_;
  std::uint32_t after_ = kSettled;  // samples since the change
  double sum_ = 0;
  double total_ = 0;
};

// Noise from one sample to the next within a range, in which single steps of the current do not count for
// more than two steps of resolution.
class SampleNoise {
 public:
  explicit SampleNoise(double resolution_a) : most_(2 * resolution_a) {}

  void sample(float current_a);
  void interrupt() { last_.reset(); }
  double deviation() const;  // standard

 private:
  double most_;
  std::optional<float> last_;
  double sum_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace tinyhil::meter
