// SPDX-License-Identifier: Apache-2.0
#include "window_charge.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

#include "internal/window_samples.hpp"
#include "stats/batch_means.hpp"

namespace tinyhil::meter {
namespace {

constexpr double kFoldedMax = 16'000'000;  // samples
constexpr double kCounterLength = 64;      // of a ppk2_u32: fewer lost samples are seen in it

class WindowCounter {
 public:
  WindowCounter(const TraceReader& trace, const AlignedWindow& window, std::uint64_t inferences)
      : window_(window),
        range_of_(trace.start().identity, trace.start().format),
        batches_(static_cast<std::uint64_t>(std::ceil(window.last) - std::floor(window.first)),
                 stats::batches_for(inferences)),
        next_(static_cast<std::uint64_t>(std::floor(window.first))) {
    const std::vector<MeterRange>& ranges = trace.start().identity.ranges;
    for (std::size_t i = 0; i < range_of_.count(); ++i) {
      const MeterRange range = i < ranges.size() ? ranges[i] : MeterRange{};
      parts_.push_back({.charge_c = 0,
                        .length_s = 0,
                        .gain_limit = range.gain_limit,
                        .offset_limit_a = range.offset_limit_a,
                        .resolution_a = range.resolution_a,
                        .sample_noise_a = 0});
      noise_.emplace_back(range.resolution_a);
    }
  }

  void add(const SampleBlock& block) {
    if (block.first > next_) interrupt(block.first - next_);
    batches_.add(block.current_a);
    for (std::size_t i = 0; i < block.current_a.size(); ++i) add_sample(block, i);
    next_ = block.first + block.current_a.size();
  }

  stats::MeasuredWindow result(double sample_s) {
    stats::MeasuredWindow measured;
    measured.length_s = (window_.last - window_.first) * sample_s;
    double covered = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      covered += parts_[i].length_s;
      parts_[i].charge_c *= sample_s;
      parts_[i].length_s *= sample_s;
      parts_[i].sample_noise_a = noise_[i].deviation();
    }
    measured.ranges = parts_;
    measured.missing_s = std::max(0.0, measured.length_s - covered * sample_s);
    if (covered > 0) {
      measured.missing_low_a = static_cast<double>(low_);
      measured.missing_high_a = static_cast<double>(high_);
    }
    measured.switching_c = switches_.difference() * sample_s;
    const stats::MeanOfBatches mean = batches_.result();
    measured.noise_a = mean.standard;
    measured.noise_degrees = mean.degrees;
    return measured;
  }

 private:
  void interrupt(std::uint64_t missing) {
    batches_.skip(missing);
    switches_.interrupt();
    for (SampleNoise& noise : noise_) noise.interrupt();
  }

  void add_sample(const SampleBlock& block, std::size_t i) {
    const auto at = static_cast<double>(block.first + i);
    const double share = std::min(at + 1, window_.last) - std::max(at, window_.first);
    const float current = block.current_a[i];
    if (share <= 0 || !std::isfinite(current)) return;
    const std::size_t range = range_of_(block, i);
    parts_[range].charge_c += share * static_cast<double>(current);
    parts_[range].length_s += share;
    low_ = std::min(low_, current);
    high_ = std::max(high_, current);
    if (last_range_ != range) noise_[range].interrupt();
    last_range_ = range;
    noise_[range].sample(current);
    if (range_of_.in_words()) switches_.sample(range, current);
  }

  const AlignedWindow& window_;
  RangeOfSample range_of_;
  stats::BatchMeans batches_;
  std::uint64_t next_;
  std::vector<stats::RangePart> parts_;
  std::vector<SampleNoise> noise_;
  std::size_t last_range_ = 0;
  RangeSwitches switches_;
  float low_ = std::numeric_limits<float>::infinity();
  float high_ = -std::numeric_limits<float>::infinity();
};

double unseen_samples(const AlignedWindow& window, WordFormat format) {
  const bool counted = format == WordFormat::ppk2_u32 && window.unseen_samples < kCounterLength;
  return counted ? 0 : window.unseen_samples;
}

}  // namespace

stats::Supply supply_of(const MeterIdentity& identity) {
  return {.volt = identity.supply_v, .limit = identity.voltage_limit};
}

stats::MeasuredWindow measured_window(const TraceReader& trace, const AlignedWindow& window,
                                      std::uint64_t inferences) {
  assert(window.first >= 0 && window.first < window.last && window.last <= static_cast<double>(trace.end()));
  WindowCounter counter(trace, window, inferences);
  trace.visit(static_cast<std::uint64_t>(std::floor(window.first)),
              static_cast<std::uint64_t>(std::ceil(window.last)),
              [&](const SampleBlock& block) { counter.add(block); });
  stats::MeasuredWindow measured = counter.result(trace.sample_s());
  const double unseen = unseen_samples(window, trace.start().format) / std::numbers::sqrt3;
  measured.edge_s = std::hypot(window.sigma_samples, unseen) * trace.sample_s();
  return measured;
}

stats::LayerCharges window_layers(const TraceReader& trace, const AlignedWindow& window,
                                  std::uint64_t inferences, const LayerTicks& layers) {
  assert(layers.clock_hz > 0);
  if (inferences == 0 || !(window.first < window.last)) return {};
  const double period = (window.last - window.first) / static_cast<double>(inferences);
  const auto fitting = static_cast<std::uint64_t>(kFoldedMax / period);
  const std::uint64_t folded = std::min(inferences, fitting);
  if (folded == 0) return {};
  const double begin = std::floor(window.first);
  const double end = window.first + period * static_cast<double>(folded);
  std::vector<float> current(static_cast<std::size_t>(std::ceil(end) - begin));
  trace.current(static_cast<std::uint64_t>(begin), current);
  std::vector<double> ends;
  for (const std::uint32_t tick : layers.ends) ends.push_back(tick / layers.clock_hz);
  return stats::layer_charges({.current_a = current,
                               .sample_s = trace.sample_s(),
                               .begin = window.first - begin,
                               .end = end - begin,
                               .inferences = folded,
                               .layer_ends_s = ends});
}

}  // namespace tinyhil::meter
