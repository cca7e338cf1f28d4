// SPDX-License-Identifier: Apache-2.0
#include "layer_charge.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tinyhil::stats {
namespace {

// Charge up to any point between samples, in ampere-samples. NaN where a sample before it is missing.
class RunningCharge {
 public:
  explicit RunningCharge(std::span<const float> current) : current_(current), until_(current.size() + 1) {
    for (std::size_t i = 0; i < current.size(); ++i)
      until_[i + 1] = until_[i] + (!std::isfinite(current[i]) ? 0.0 : static_cast<double>(current[i]));
    missing_.resize(current.size() + 1);
    for (std::size_t i = 0; i < current.size(); ++i)
      missing_[i + 1] = missing_[i] + static_cast<std::uint32_t>(!std::isfinite(current[i]));
  }

  double between(double begin, double end) const { return at(end) - at(begin); }

  bool whole(double begin, double end) const {
    const auto first = static_cast<std::size_t>(std::max(begin, 0.0));
    const auto last = std::min(static_cast<std::size_t>(std::ceil(end)), current_.size());
    return missing_[last] == missing_[first];
  }

 private:
  double at(double point) const {
    const double inside = std::clamp(point, 0.0, static_cast<double>(current_.size()));
    const auto index = static_cast<std::size_t>(inside);
    const double rest = inside - static_cast<double>(index);
    const bool there = rest > 0 && std::isfinite(current_[index]);
    return until_[index] + (there ? rest * static_cast<double>(current_[index]) : 0);
  }

  std::span<const float> current_;
  std::vector<double> until_;
  std::vector<std::uint32_t> missing_;
};

// Where a period is cut, in samples from its begin: 0, start of the inference, layer ends, whole period.
std::vector<double> cuts_of(const FoldedWindow& window, double period) {
  const double took = window.layer_ends_s.empty() ? 0 : window.layer_ends_s.back() / window.sample_s;
  const double start = std::clamp(period - took, 0.0, period);
  std::vector<double> cuts{0, start};
  for (const double end : window.layer_ends_s)
    cuts.push_back(std::clamp(start + end / window.sample_s, cuts.back(), period));
  cuts.back() = period;
  return cuts;
}

struct Sums {
  std::vector<double> sum, squares;
  std::uint64_t folded = 0;
};

Sums folded_sums(const FoldedWindow& window, const RunningCharge& running, const std::vector<double>& cuts) {
  const std::size_t parts = cuts.size() - 1;
  Sums sums{std::vector<double>(parts), std::vector<double>(parts)};
  const double period = cuts.back();
  std::vector<double> first(parts);
  for (std::uint64_t i = 0; i < window.inferences; ++i) {
    const double begin = window.begin + static_cast<double>(i) * period;
    if (!running.whole(begin, begin + period)) continue;
    for (std::size_t part = 0; part < parts; ++part) {
      const double charge = running.between(begin + cuts[part], begin + cuts[part + 1]);
      if (sums.folded == 0) first[part] = charge;
      sums.sum[part] += charge;
      sums.squares[part] += (charge - first[part]) * (charge - first[part]);
    }
    ++sums.folded;
  }
  for (std::size_t part = 0; sums.folded > 1 && part < parts; ++part) {  // about the mean
    const auto n = static_cast<double>(sums.folded);
    const double shift = sums.sum[part] - n * first[part];
    sums.squares[part] = std::max(0.0, sums.squares[part] - shift * shift / n);
  }
  return sums;
}

double mean_current(const LayerCharge& part) { return part.time_s > 0 ? part.charge_c / part.time_s : 0; }

}  // namespace

LayerCharges layer_charges(const FoldedWindow& window) {
  assert(window.inferences > 0 && window.sample_s > 0);
  assert(window.begin >= 0 && window.begin < window.end);
  if (window.inferences > window.current_a.size()) return {};
  const double period = (window.end - window.begin) / static_cast<double>(window.inferences);
  const std::vector<double> cuts = cuts_of(window, period);
  const Sums sums = folded_sums(window, RunningCharge(window.current_a), cuts);
  std::vector<LayerCharge> parts(cuts.size() - 1);
  const auto n = static_cast<double>(sums.folded);
  for (std::size_t i = 0; i < parts.size() && sums.folded > 0; ++i) {
    parts[i].time_s = (cuts[i + 1] - cuts[i]) * window.sample_s;
    parts[i].charge_c = sums.sum[i] / n * window.sample_s;
    if (sums.folded > 1) parts[i].standard_c = std::sqrt(sums.squares[i] / (n - 1) / n) * window.sample_s;
  }
  const double cut_s = window.sample_s / std::sqrt(3.0);  // within a sample
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const double off = cut_s * std::abs(mean_current(parts[i]) - mean_current(parts[i - 1]));
    parts[i].standard_c = std::hypot(parts[i].standard_c, off);
    parts[i - 1].standard_c = std::hypot(parts[i - 1].standard_c, off);
  }
  return {parts.front(), {parts.begin() + 1, parts.end()}, sums.folded};
}

}  // namespace tinyhil::stats
