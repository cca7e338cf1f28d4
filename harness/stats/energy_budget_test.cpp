// SPDX-License-Identifier: Apache-2.0
#include "energy_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace tinyhil::stats {
namespace {

const double kSqrt3 = std::sqrt(3.0);

// 10 mA for 2 s in one range of +-10 %.
MeasuredWindow steady(double current_a = 0.01, double length_s = 2) {
  MeasuredWindow window;
  window.length_s = length_s;
  window.ranges = {{.charge_c = current_a * length_s, .length_s = length_s, .gain_limit = 0.1}};
  return window;
}

double standard_of(const EnergyBudget& budget, ErrorSource source) {
  for (const BudgetTerm& term : budget.terms)
    if (term.source == source) return term.standard;
  return 0;
}

EnergyBudget alone(const MeasuredWindow& window, Supply supply = {3, 0}) {
  const WindowShare share{&window};
  return energy_of({&share, 1}, supply);
}

TEST(EnergyBudget, OfAWindowIsChargeTimesVoltage) {
  const EnergyBudget budget = alone(steady());
  EXPECT_NEAR(budget.value, 0.06, 1e-15);
  EXPECT_NEAR(standard_of(budget, ErrorSource::gain), 0.006 / kSqrt3, 1e-15);
  EXPECT_EQ(budget.terms.size(), 1);
  EXPECT_NEAR(budget.interval(0.95).high, 0.06 + 0.95 * 0.006, 5e-5);
}

TEST(EnergyBudget, AddsGainAndOffsetOfRangesLinearly) {
  MeasuredWindow window;
  window.length_s = 3;
  window.ranges = {{.charge_c = 1e-5, .length_s = 1, .gain_limit = 0.1, .offset_limit_a = 1e-7},
                   {.charge_c = 0.02, .length_s = 2, .gain_limit = 0.15, .offset_limit_a = 1e-5}};
  const EnergyBudget budget = alone(window);
  EXPECT_NEAR(standard_of(budget, ErrorSource::gain), 3 * (1e-6 + 0.003) / kSqrt3, 1e-12);
  EXPECT_NEAR(standard_of(budget, ErrorSource::offset), 3 * (1e-7 + 2e-5) / kSqrt3, 1e-12);
}

TEST(EnergyBudget, KnowsVoltageEdgesAndNoise) {
  MeasuredWindow window = steady();
  window.edge_s = 1e-3;
  window.noise_a = 1e-5;
  window.noise_degrees = 19;
  const EnergyBudget budget = alone(window, {3, 0.01});
  EXPECT_NEAR(standard_of(budget, ErrorSource::voltage), 0.0006 / kSqrt3, 1e-12);
  EXPECT_NEAR(standard_of(budget, ErrorSource::edges), 3 * 0.01 * 1e-3, 1e-12);
  EXPECT_NEAR(standard_of(budget, ErrorSource::noise), 3 * 1e-5 * 2, 1e-12);
  double squares = 0;
  for (const BudgetTerm& term : budget.terms) squares += term.standard * term.standard;
  EXPECT_NEAR(budget.standard(), std::sqrt(squares), 1e-15);
  EXPECT_GT(budget.degrees(), 19);
}

TEST(EnergyBudget, TakesMissingTimeAtTheMeanAndBoundsItByTheExtremes) {
  MeasuredWindow window = steady(0.01, 1.8);
  window.length_s = 2;
  window.missing_s = 0.2;
  window.missing_low_a = 0.001;
  window.missing_high_a = 0.05;
  const EnergyBudget budget = alone(window);
  EXPECT_NEAR(budget.value, 0.06, 1e-12);
  EXPECT_NEAR(coverage(window), 0.9, 1e-12);
  EXPECT_NEAR(standard_of(budget, ErrorSource::gaps), 3 * 0.2 * 0.04 / kSqrt3, 1e-12);
}

TEST(EnergyBudget, LetsNoiseAverageRoundingOut) {
  MeasuredWindow window = steady();
  window.ranges[0].resolution_a = 5e-5;
  EXPECT_NEAR(standard_of(alone(window), ErrorSource::resolution), 3 * 2 * 2.5e-5 / kSqrt3, 1e-12);
  window.ranges[0].sample_noise_a = 5e-5;
  EXPECT_LT(standard_of(alone(window), ErrorSource::resolution), 3 * 2 * 2.5e-5 / kSqrt3 * 1e-6);
}

InferenceWindow inferences(double current_a, std::uint64_t proven = 100) {
  InferenceWindow window;
  window.window = steady(current_a);
  window.window.ranges[0].offset_limit_a = 1e-4;
  window.idle = steady(0.002, 1);
  window.idle.ranges[0].offset_limit_a = 1e-4;
  window.proven = proven;
  return window;
}

TEST(EnergyPerInference, DividesByWhatWasProven) {
  const InferenceWindow window = inferences(0.01);
  EXPECT_NEAR(energy_per_inference({&window, 1}, Baseline::none, {3, 0})->value, 0.0006, 1e-15);
  const InferenceWindow nothing = inferences(0.01, 0);
  EXPECT_FALSE(energy_per_inference({&nothing, 1}, Baseline::none, {3, 0}));
  EXPECT_FALSE(energy_per_inference({}, Baseline::none, {3, 0}));
}

TEST(EnergyPerInference, NetOfIdleHasTheGainErrorOfTheDifferenceAndNoOffset) {
  const InferenceWindow window = inferences(0.01);
  const EnergyBudget net = *energy_per_inference({&window, 1}, Baseline::idle, {3, 0.01});
  EXPECT_NEAR(net.value, 3 * 0.008 * 2 / 100, 1e-12);
  EXPECT_NEAR(standard_of(net, ErrorSource::gain), 0.1 * net.value / kSqrt3, 1e-12);
  EXPECT_NEAR(standard_of(net, ErrorSource::voltage), 0.01 * net.value / kSqrt3, 1e-12);
  EXPECT_LT(standard_of(net, ErrorSource::offset), 1e-15);
}

TEST(EnergyPerInference, NetNeedsAnIdleWindow) {
  InferenceWindow window = inferences(0.01);
  window.idle = {};
  EXPECT_FALSE(energy_per_inference({&window, 1}, Baseline::idle, {3, 0}));
  EXPECT_TRUE(energy_per_inference({&window, 1}, Baseline::none, {3, 0}));
}

TEST(EnergyPerInference, OfManyWindowsShrinksTheScatterAndNotTheGain) {
  std::vector<InferenceWindow> windows;
  for (int i = 0; i < 4; ++i) windows.push_back(inferences(0.01 + 1e-4 * (i % 2)));
  const EnergyBudget four = *energy_per_inference(windows, Baseline::none, {3, 0});
  for (int i = 0; i < 12; ++i) windows.push_back(inferences(0.01 + 1e-4 * (i % 2)));
  const EnergyBudget sixteen = *energy_per_inference(windows, Baseline::none, {3, 0});
  EXPECT_NEAR(standard_of(four, ErrorSource::gain), standard_of(sixteen, ErrorSource::gain), 1e-12);
  EXPECT_NEAR(standard_of(four, ErrorSource::scatter) / standard_of(sixteen, ErrorSource::scatter),
              std::sqrt(15.0 / 3), 1e-9);
}

}  // namespace
}  // namespace tinyhil::stats
