// SPDX-License-Identifier: Apache-2.0
#include "energy_budget.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

#include "internal/window_shares.hpp"
#include "stats/internal/coverage_width.hpp"

namespace tinyhil::stats {
namespace {

double standard_of(double half_width) { return std::abs(half_width) / std::numbers::sqrt3; }

// Missing time is taken at the mean of the recorded: its charge goes to the ranges as theirs does.
double filled(const MeasuredWindow& window) {
  const double share = coverage(window);
  return share > 0 ? 1 / share : 0;
}

// Half width by what rounding to steps of q leaves in a mean: q / 2 of a constant current; noise of standard
// deviation s averages it out, but for exp(-2 pi^2 s^2 / q^2) of it (B. Widrow and I. Kollar, "Quantization
// Noise", 2008, chapter 5).
double rounding_a(const RangePart& part) {
  if (part.resolution_a <= 0) return 0;
  const double ratio = part.sample_noise_a / part.resolution_a;
  return part.resolution_a / 2 * std::exp(-2 * std::numbers::pi * std::numbers::pi * ratio * ratio);
}

// Sums over windows and ranges, coulombs, from which the terms follow.
struct Sums {
  double charge = 0;
  std::vector<double> gain, offset;  // half widths by range, with their signs
  std::array<double, 2> rounding{};  // of windows that are added, and of those that are subtracted
  double switching = 0;
  double gaps = 0, edges = 0;  // variances
  double noise = 0, noise_degrees = 0;
};

void add_ranges(Sums& sums, const WindowShare& share) {
  const MeasuredWindow& window = *share.window;
  const double fill = share.factor * filled(window);
  const std::size_t ranges = std::max(sums.gain.size(), window.ranges.size());
  sums.gain.resize(ranges);
  sums.offset.resize(ranges);
  for (std::size_t i = 0; i < window.ranges.size(); ++i) {
    const RangePart& part = window.ranges[i];
    sums.gain[i] += fill * part.charge_c * part.gain_limit;
    sums.offset[i] += fill * part.length_s * part.offset_limit_a;
    sums.rounding[share.factor < 0] += std::abs(fill) * part.length_s * rounding_a(part);
  }
}

void add_own(Sums& sums, const WindowShare& share) {
  const MeasuredWindow& window = *share.window;
  const double square = share.factor * share.factor;
  const double mean = mean_a(window);
  const double beside = std::max(window.missing_high_a - mean, mean - window.missing_low_a);
  const double gap = standard_of(window.missing_s * std::max(beside, 0.0));
  sums.gaps += square * gap * gap;
  sums.edges += square * std::pow(mean * window.edge_s, 2);
  sums.switching += std::abs(share.factor) * window.switching_c;
  if (window.noise_degrees > 0) {
    const double variance = square * std::pow(window.noise_a * window.length_s, 2);
    sums.noise += variance;
    sums.noise_degrees += variance * variance / window.noise_degrees;
  }
}

double sum_of_magnitudes(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::abs(value);
  return sum;
}

std::vector<BudgetTerm> terms_of(const Sums& sums, const Supply& supply) {
  const double volt = supply.volt;
  const double voltage = std::abs(sums.charge * volt) * supply.limit;
  const double rounding = std::hypot(standard_of(sums.rounding[0]), standard_of(sums.rounding[1]));
  const double noise_degrees =
      sums.noise > 0 ? sums.noise * sums.noise / sums.noise_degrees : std::numeric_limits<double>::infinity();
  const std::array<BudgetTerm, 8> all{
      {{ErrorSource::gain, ErrorShape::rectangular, standard_of(volt * sum_of_magnitudes(sums.gain))},
       {ErrorSource::offset, ErrorShape::rectangular, standard_of(volt * sum_of_magnitudes(sums.offset))},
       {ErrorSource::resolution, ErrorShape::rectangular, volt * rounding},
       {ErrorSource::voltage, ErrorShape::rectangular, standard_of(voltage)},
       {ErrorSource::edges, ErrorShape::normal, volt * std::sqrt(sums.edges)},
       {ErrorSource::gaps, ErrorShape::normal, volt * std::sqrt(sums.gaps)},
       {ErrorSource::range_switching, ErrorShape::rectangular, standard_of(volt * sums.switching)},
       {ErrorSource::noise, ErrorShape::student, volt * std::sqrt(sums.noise), noise_degrees}}};
  std::vector<BudgetTerm> terms;
  std::copy_if(all.begin(), all.end(), std::back_inserter(terms),
               [](const BudgetTerm& term) { return term.standard > 0; });
  return terms;
}

double scatter_of_mean(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n - 1) / n);
}

void use_scatter(EnergyBudget& budget, double standard, double degrees) {
  std::erase_if(budget.terms, [](const BudgetTerm& term) {
    return term.source == ErrorSource::noise || term.source == ErrorSource::edges;
  });
  if (standard > 0) budget.terms.push_back({ErrorSource::scatter, ErrorShape::student, standard, degrees});
}

}  // namespace

const char* to_string(ErrorSource source) {
  switch (source) {
    case ErrorSource::gain:
      return "gain";
    case ErrorSource::offset:
      return "offset";
    case ErrorSource::resolution:
      return "resolution";
    case ErrorSource::voltage:
      return "voltage";
    case ErrorSource::edges:
      return "window edges";
    case ErrorSource::gaps:
      return "gaps";
    case ErrorSource::range_switching:
      return "range switching";
    case ErrorSource::noise:
      return "noise";
    case ErrorSource::scatter:
      return "scatter between windows";
  }
  return "?";
}

double recorded_c(const MeasuredWindow& window) {
  double charge = 0;
  for (const RangePart& part : window.ranges) charge += part.charge_c;
  return charge;
}

double coverage(const MeasuredWindow& window) {
  return window.length_s > 0 ? std::clamp(1 - window.missing_s / window.length_s, 0.0, 1.0) : 0;
}

double charge_c(const MeasuredWindow& window) { return recorded_c(window) * filled(window); }

double mean_a(const MeasuredWindow& window) {
  return window.length_s > 0 ? charge_c(window) / window.length_s : 0;
}

double EnergyBudget::standard() const {
  double variance = 0;
  for (const BudgetTerm& term : terms) variance += term.standard * term.standard;
  return std::sqrt(variance);
}

double EnergyBudget::degrees() const {
  double sum = 0;
  for (const BudgetTerm& term : terms) sum += std::pow(term.standard, 4) / term.degrees;
  return sum > 0 ? std::pow(standard(), 4) / sum : std::numeric_limits<double>::infinity();
}

double EnergyBudget::expanded(double confidence) const {
  ErrorSum errors;
  double normal = 0, student = 0, by_degrees = 0;
  for (const BudgetTerm& term : terms) {
    const double variance = term.standard * term.standard;
    if (term.shape == ErrorShape::rectangular) {
      errors.half_widths.push_back(term.standard * std::numbers::sqrt3);
    } else if (term.shape == ErrorShape::normal) {
      normal += variance;
    } else {
      student += variance;
      by_degrees += variance * variance / term.degrees;
    }
  }
  errors.normal = std::sqrt(normal);
  errors.student = std::sqrt(student);
  errors.degrees = student > 0 ? student * student / by_degrees : 0;
  return coverage_half_width(errors, confidence);
}

Interval EnergyBudget::interval(double confidence) const {
  const double half = expanded(confidence);
  return {value - half, value + half};
}

EnergyBudget energy_of(std::span<const WindowShare> shares, const Supply& supply) {
  Sums sums;
  for (const WindowShare& share : shares) {
    assert(share.window != nullptr);
    sums.charge += share.factor * charge_c(*share.window);
    add_ranges(sums, share);
    add_own(sums, share);
  }
  return {sums.charge * supply.volt, terms_of(sums, supply)};
}

std::optional<EnergyBudget> energy_per_inference(std::span<const InferenceWindow> windows, Baseline baseline,
                                                 const Supply& supply) {
  std::vector<WindowShare> shares;
  for (const InferenceWindow& window : windows) {
    if (!measured(window, baseline)) return std::nullopt;
    add_shares(shares, window, baseline, 1 / static_cast<double>(windows.size()));
  }
  if (shares.empty()) return std::nullopt;
  EnergyBudget budget = energy_of(shares, supply);
  if (windows.size() > 1) {
    const std::vector<double> charges = charges_per_inference(windows, baseline);
    use_scatter(budget, supply.volt * scatter_of_mean(charges), static_cast<double>(windows.size() - 1));
  }
  return budget;
}

}  // namespace tinyhil::stats
