// SPDX-License-Identifier: Apache-2.0
#include "energy_ratio.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

#include "internal/window_shares.hpp"
#include "normal.hpp"
#include "sample_size.hpp"
#include "stats/internal/coverage_width.hpp"

namespace tinyhil::stats {
namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

bool usable(const std::vector<InferenceWindow>& windows, Baseline baseline) {
  return !windows.empty() && std::all_of(windows.begin(), windows.end(), [&](const InferenceWindow& window) {
    return measured(window, baseline);
  });
}

// Of one block, coulombs an inference.
struct Sides {
  double a = 0;
  double b = 0;
};

std::optional<Sides> sides_of(const EnergyBlock& block, Baseline baseline) {
  if (!usable(block.a, baseline) || !usable(block.b, baseline)) return std::nullopt;
  const Sides sides{mean_of(charges_per_inference(block.a, baseline)),
                    mean_of(charges_per_inference(block.b, baseline))};
  if (sides.a <= 0 || sides.b <= 0) return std::nullopt;
  return sides;
}

// ln(b / a) to first order: each window by the share of its side's charge that its error is.
void add_side(std::vector<WindowShare>& shares, const std::vector<InferenceWindow>& windows,
              Baseline baseline, double weight) {
  for (const InferenceWindow& window : windows)
    add_shares(shares, window, baseline, weight / static_cast<double>(windows.size()));
}

bool of_instrument(const BudgetTerm& term) {
  return term.source != ErrorSource::noise && term.source != ErrorSource::edges;
}

std::vector<BudgetTerm> instrument_terms(std::span<const EnergyBlock> blocks, std::span<const Sides> sides,
                                         Baseline baseline) {
  std::vector<WindowShare> shares;
  const auto n = static_cast<double>(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    add_side(shares, blocks[i].b, baseline, 1 / (n * sides[i].b));
    add_side(shares, blocks[i].a, baseline, -1 / (n * sides[i].a));
  }
  std::vector<BudgetTerm> terms;
  const EnergyBudget budget = energy_of(shares, {.volt = 1});
  std::copy_if(budget.terms.begin(), budget.terms.end(), std::back_inserter(terms), of_instrument);
  return terms;
}

double length_of(const EnergyBlock& block) {
  double length = 0;
  for (const auto* side : {&block.a, &block.b})
    for (const InferenceWindow& window : *side) length += window.window.length_s;
  return length;
}

double degrees_of(const EnergyRatio& ratio) { return static_cast<double>(ratio.blocks - 1); }

// Standard uncertainties between margin and ratio.
double reach_of(double confidence) { return normal_quantile((1 + confidence) / 2) + normal_quantile(kPower); }

ErrorSum errors_of(const EnergyRatio& ratio, double scatter) {
  ErrorSum errors{.student = scatter, .degrees = degrees_of(ratio)};
  for (const BudgetTerm& term : ratio.instrument) {
    if (term.shape == ErrorShape::rectangular)
      errors.half_widths.push_back(term.standard * std::numbers::sqrt3);
    else
      errors.normal = std::hypot(errors.normal, term.standard);
  }
  return errors;
}

}  // namespace

Interval EnergyRatio::interval(double confidence) const {
  const double half = coverage_half_width(errors_of(*this, scatter), confidence);
  return {ratio * std::exp(-half), ratio * std::exp(half)};
}

double EnergyRatio::instrument_half_width(double confidence) const {
  return coverage_half_width(errors_of(*this, 0), confidence);
}

std::optional<EnergyRatio> energy_ratio(std::span<const EnergyBlock> blocks, Baseline baseline) {
  if (blocks.size() < 2) return std::nullopt;
  std::vector<Sides> sides;
  std::vector<double> logarithms;
  EnergyRatio result;
  for (const EnergyBlock& block : blocks) {
    const std::optional<Sides> of_block = sides_of(block, baseline);
    if (!of_block) return std::nullopt;
    sides.push_back(*of_block);
    logarithms.push_back(std::log(of_block->b / of_block->a));
    result.measured_s += length_of(block);
  }
  const double mean = mean_of(logarithms);
  double squares = 0;
  for (const double logarithm : logarithms) squares += (logarithm - mean) * (logarithm - mean);
  const auto n = static_cast<double>(blocks.size());
  result.ratio = std::exp(mean);
  result.scatter = std::sqrt(squares / (n - 1) / n);
  result.blocks = blocks.size();
  result.instrument = instrument_terms(blocks, sides, baseline);
  return result;
}

double decidable_distance(const EnergyRatio& ratio, std::uint64_t blocks, double confidence) {
  assert(blocks > 1 && ratio.blocks > 1);
  const double scatter =
      ratio.scatter * std::sqrt(static_cast<double>(ratio.blocks) / static_cast<double>(blocks));
  return ratio.instrument_half_width(confidence) + reach_of(confidence) * scatter;
}

MoreBlocks blocks_to_decide(const EnergyRatio& ratio, double margin, double confidence) {
  assert(margin > 0 && ratio.blocks > 1);
  MoreBlocks more;
  const Interval interval = ratio.interval(confidence);
  more.decided = margin < interval.low || margin > interval.high;
  if (more.decided) return more;
  const double slack = std::abs(std::log(margin / ratio.ratio)) - ratio.instrument_half_width(confidence);
  more.instrument_limited = slack <= 0;
  if (more.instrument_limited) return more;
  const auto n = static_cast<double>(ratio.blocks);
  const double needed = std::ceil(n * std::pow(reach_of(confidence) * ratio.scatter / slack, 2));
  const double beyond = std::clamp(needed - n, 1.0, 1e15);
  more.blocks = static_cast<std::uint64_t>(beyond);
  more.seconds = beyond * ratio.measured_s / n;
  return more;
}

}  // namespace tinyhil::stats
