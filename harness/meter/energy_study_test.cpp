// SPDX-License-Identifier: Apache-2.0
// The whole way from samples to a verdict's figures, over hundreds of seeded runs whose truth is known.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/temporary_folder.hpp"
#include "meter/internal/simulated_trace.hpp"
#include "stats/energy_ratio.hpp"
#include "window_charge.hpp"

namespace tinyhil::meter {
namespace {

constexpr int kRuns = 240;

struct MeasuredRun {
  Alignment alignment;
  std::vector<stats::MeasuredWindow> windows;  // of the complete ones; others are empty
};

MeasuredRun measured_run(const SimulatedMeter& meter, const SimulatedRun& run, stats::SeededRandom& random) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "run.trace";
  TraceWriter writer(file, start_of(meter));
  const std::vector<DeviceWindow> devices = SimulatedRecording(meter, run, random).record(writer);
  writer.finish();
  const TraceReader trace(file);
  const AlignmentLimits limits{.sample_s = trace.sample_s(), .clock_limit = meter.clock_limit};
  MeasuredRun result{align(trigger_edges(trace, 0), devices, limits), {}};
  for (const AlignedWindow& window : result.alignment.windows)
    result.windows.push_back(window.incomplete.empty() ? measured_window(trace, window, run.inferences)
                                                       : stats::MeasuredWindow{});
  return result;
}

bool holds(const stats::MeasuredWindow& window, double truth_c) {
  const stats::WindowShare share{&window};
  const Interval interval = stats::energy_of({&share, 1}, {.volt = 1}).interval(0.95);
  return interval.low <= truth_c && truth_c <= interval.high;
}

// How many of kRuns runs have the truth in the interval of a window.
double coverage_of(const SimulatedMeter& meter, std::uint64_t seed) {
  stats::SeededRandom random(seed);
  const SimulatedRun run{.windows = 1};
  int held = 0;
  for (int i = 0; i < kRuns; ++i) {
    const MeasuredRun measured = measured_run(meter, run, random);
    held += measured.alignment.windows[0].incomplete.empty() &&
            holds(measured.windows[0], kInferenceC * static_cast<double>(run.inferences));
  }
  return static_cast<double>(held) / kRuns;
}

void expect_stated(double coverage) {
  EXPECT_GE(coverage, 0.90);
  EXPECT_LE(coverage, 0.99);
}

TEST(EnergyStudy, IntervalsOfAMeterWithTenPercentOfGainHoldTheTruth) {
  expect_stated(coverage_of(
      {.gain_limit = 0.1, .offset_limit_a = 1e-6, .resolution_a = 5e-5, .noise_a = 5e-5, .correlation = 0.5},
      1));
}

TEST(EnergyStudy, IntervalsOfAMeterWithTwoPercentOfGainAndLargeOffsetHoldTheTruth) {
  expect_stated(coverage_of(
      {.gain_limit = 0.02, .offset_limit_a = 1e-4, .resolution_a = 1e-6, .noise_a = 1e-4, .correlation = 0.9},
      2));
}

TEST(EnergyStudy, IntervalsOfANoisyMeterHoldTheTruth) {
  expect_stated(
      coverage_of({.gain_limit = 0.001, .resolution_a = 1e-6, .noise_a = 2e-3, .correlation = 0.9}, 3));
}

TEST(EnergyStudy, LossesThatNoCounterShowsAreCorrectOrIncomplete) {
  stats::SeededRandom random(4);
  const SimulatedMeter meter{.gain_limit = 0.02, .noise_a = 1e-4, .correlation = 0.5};
  constexpr std::size_t kInferences = 20;
  int wrong = 0, unnoticed = 0, whole = 0, spoilt = 0;
  for (int i = 0; i < 60; ++i) {
    const SimulatedRun run{
        .windows = 8, .inferences = kInferences, .lost = {0, 1, 0, 64, 63, 0, 512, 10'000}};
    const MeasuredRun measured = measured_run(meter, run, random);
    for (std::size_t j = 0; j < run.windows; ++j) {
      const bool complete = measured.alignment.windows[j].incomplete.empty();
      wrong += complete && !holds(measured.windows[j], kInferenceC * kInferences);
      unnoticed += complete && run.lost[j] >= 63;
      whole += run.lost[j] == 0;
      spoilt += run.lost[j] == 0 && !complete;
    }
  }
  EXPECT_EQ(unnoticed, 0);
  EXPECT_EQ(spoilt, 0);
  EXPECT_LT(wrong, whole * 0.1 * 5 / 4);  // 95 % of those with 0 and 1 lost
}

// A block a b b a as the meter of one board sees it: gain in common, noise of each window its own.
struct Models {
  double ratio = 1;
  double noise = 0.005;  // of a window, relative
  double drift = 0.001;  // from window to window
};

stats::InferenceWindow drawn_window(double current_a, double noise, stats::SeededRandom& random) {
  stats::InferenceWindow window;
  window.window.length_s = 1;
  window.window.ranges = {
      {.charge_c = current_a * (1 + noise * random.normal()), .length_s = 1, .gain_limit = 0.1}};
  window.proven = 100;
  return window;
}

std::optional<stats::EnergyRatio> drawn_ratio(const Models& models, std::size_t blocks,
                                              stats::SeededRandom& random) {
  const double gain = 1 + 0.1 * (2 * random.uniform() - 1);
  std::vector<stats::EnergyBlock> drawn(blocks);
  double drifted = 1;
  const auto next = [&](double ratio) {
    drifted += models.drift;
    return drawn_window(0.01 * gain * ratio * drifted, models.noise, random);
  };
  for (stats::EnergyBlock& block : drawn) {
    block.a.push_back(next(1));
    block.b.push_back(next(models.ratio));
    block.b.push_back(next(models.ratio));
    block.a.push_back(next(1));
  }
  return stats::energy_ratio(drawn, stats::Baseline::none);
}

struct Findings {
  double above = 0, below = 0;  // shares of campaigns that find b dearer, or cheaper
};

Findings findings_of(const Models& models, std::size_t blocks, std::uint64_t seed) {
  constexpr int kCampaigns = 1'000;
  stats::SeededRandom random(seed);
  Findings findings;
  for (int i = 0; i < kCampaigns; ++i) {
    const Interval interval = drawn_ratio(models, blocks, random)->interval(0.95);
    findings.above += interval.low > 1;
    findings.below += interval.high < 1;
  }
  return {findings.above / kCampaigns, findings.below / kCampaigns};
}

TEST(EnergyStudy, ModelsTwoPercentApartAreToldApartThoughTheGainIsTenPercentOff) {
  const Findings findings = findings_of({.ratio = 1.02}, 6, 5);
  EXPECT_GT(findings.above, 0.95);
  EXPECT_EQ(findings.below, 0);
}

TEST(EnergyStudy, EqualModelsAreToldApartInFivePercentOfCampaigns) {
  const Findings findings = findings_of({.ratio = 1}, 6, 6);
  EXPECT_NEAR(findings.above, 0.025, 0.015);
  EXPECT_NEAR(findings.below, 0.025, 0.015);
}

TEST(EnergyStudy, ModelsATenthOfAPercentApartAreNotToldApart) {
  const Findings findings = findings_of({.ratio = 1.001}, 6, 7);
  EXPECT_LT(findings.above + findings.below, 0.15);
}

TEST(EnergyStudy, TheNumberOfBlocksThatWouldDoDoes) {
  const Models models{.ratio = 1.001};
  const stats::EnergyRatio seen{
      .ratio = 1.001, .scatter = models.noise / std::sqrt(6.0), .blocks = 6, .measured_s = 24};
  const stats::MoreBlocks more = stats::blocks_to_decide(seen, 1, 0.95);
  ASSERT_FALSE(more.decided);
  ASSERT_FALSE(more.instrument_limited);
  EXPECT_NEAR(static_cast<double>(more.blocks) + 6, 263, 3);  // (1.96 + 1.28)^2 * (0.5 % / 0.1 %)^2
  stats::SeededRandom random(8);
  int decided = 0;
  for (int i = 0; i < 200; ++i)
    decided += drawn_ratio(models, more.blocks + 6, random)->interval(0.95).low > 1;
  EXPECT_NEAR(decided, 180, 15);
}

}  // namespace
}  // namespace tinyhil::meter
