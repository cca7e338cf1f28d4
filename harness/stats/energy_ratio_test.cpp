// SPDX-License-Identifier: Apache-2.0
#include "energy_ratio.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil::stats {
namespace {

InferenceWindow of_current(double current_a, double gain_limit = 0.1) {
  InferenceWindow window;
  window.window.length_s = 1;
  window.window.ranges = {{.charge_c = current_a, .length_s = 1, .gain_limit = gain_limit}};
  window.proven = 100;
  return window;
}

EnergyBlock block(double a, double b, double drift) {
  return {{of_current(a), of_current(a + 3 * drift)}, {of_current(b + drift), of_current(b + 2 * drift)}};
}

TEST(EnergyRatio, CancelsTheGainAndALinearDrift) {
  const std::vector<EnergyBlock> blocks{block(0.01, 0.0102, 1e-5), block(0.01, 0.0102, 1e-5)};
  const EnergyRatio ratio = *energy_ratio(blocks, Baseline::none);
  EXPECT_NEAR(ratio.ratio, (0.0102 + 1.5e-5) / (0.01 + 1.5e-5), 1e-12);
  EXPECT_NEAR(ratio.instrument_half_width(0.95), 0, 1e-12);
  EXPECT_NEAR(ratio.measured_s, 8, 1e-12);
}

TEST(EnergyRatio, KeepsWhatTheRangesHaveWrongDifferently) {
  EnergyBlock unlike{{of_current(0.01)}, {of_current(0.01)}};
  RangePart& low = unlike.b[0].window.ranges[0];
  low.charge_c = 0.005;
  unlike.b[0].window.ranges.push_back({.charge_c = 0.005, .length_s = 0.5, .gain_limit = 0.2});
  const std::vector<EnergyBlock> blocks{unlike, unlike};
  // range 0: |1/2 - 1| * 10 %, range 1: 1/2 * 20 %
  EXPECT_NEAR(energy_ratio(blocks, Baseline::none)->instrument_half_width(0.95), 0.95 * 0.15, 1e-3);
}

TEST(EnergyRatio, OfBlocksHasStudentsInterval) {
  const std::vector<EnergyBlock> blocks{block(0.01, 0.0102, 0), block(0.01, 0.0103, 0),
                                        block(0.01, 0.0101, 0)};
  const EnergyRatio ratio = *energy_ratio(blocks, Baseline::none);
  EXPECT_NEAR(std::log(ratio.interval(0.95).high / ratio.ratio), 4.302653 * ratio.scatter, 1e-6);
}

TEST(EnergyRatio, NeedsTwoBlocksWithProvenInferencesOnBothSides) {
  std::vector<EnergyBlock> blocks{block(0.01, 0.01, 0)};
  EXPECT_FALSE(energy_ratio(blocks, Baseline::none));
  blocks.push_back(block(0.01, 0.01, 0));
  EXPECT_TRUE(energy_ratio(blocks, Baseline::none));
  EXPECT_FALSE(energy_ratio(blocks, Baseline::idle));
  blocks[1].b[0].proven = 0;
  EXPECT_FALSE(energy_ratio(blocks, Baseline::none));
}

TEST(BlocksToDecide, IsNothingWhereTheMarginIsOutside) {
  const EnergyRatio ratio{.ratio = 1, .scatter = 0.001, .blocks = 10, .measured_s = 40};
  EXPECT_TRUE(blocks_to_decide(ratio, 1.02, 0.95).decided);
}

TEST(BlocksToDecide, GrowsWithTheSquareOfTheScatterOverTheSlack) {
  const EnergyRatio ratio{.ratio = 1, .scatter = 0.002, .blocks = 10, .measured_s = 40};
  const MoreBlocks more = blocks_to_decide(ratio, 1.001, 0.95);
  ASSERT_FALSE(more.decided);
  EXPECT_FALSE(more.instrument_limited);
  const double needed = 10 * std::pow((1.959964 + 1.281552) * 0.002 / std::log(1.001), 2);
  EXPECT_EQ(more.blocks, static_cast<std::uint64_t>(std::ceil(needed)) - 10);
  EXPECT_NEAR(more.seconds, static_cast<double>(more.blocks) * 4, 1e-9);
}

TEST(BlocksToDecide, SaysWhenTheInstrumentIsTheLimit) {
  EnergyRatio ratio{.ratio = 1, .scatter = 0.002, .blocks = 10, .measured_s = 40};
  ratio.instrument = {{ErrorSource::resolution, ErrorShape::rectangular, 0.01}};
  EXPECT_TRUE(blocks_to_decide(ratio, 1.001, 0.95).instrument_limited);
}

TEST(DecidableDistance, IsWhatSoManyBlocksTake) {
  const EnergyRatio ratio{.ratio = 1, .scatter = 0.01, .blocks = 10, .measured_s = 40};
  const double margin = 1.005;
  const MoreBlocks more = blocks_to_decide(ratio, margin, 0.90);
  EXPECT_LE(decidable_distance(ratio, ratio.blocks + more.blocks, 0.90), std::log(margin));
  EXPECT_GT(decidable_distance(ratio, ratio.blocks + more.blocks - 1, 0.90), std::log(margin));
}

TEST(DecidableDistance, IsNoLessThanWhatTheMeterHasWrong) {
  EnergyRatio ratio{.ratio = 1, .scatter = 0.01, .blocks = 10, .measured_s = 40};
  const double scattered = decidable_distance(ratio, 10, 0.90);
  ratio.instrument.push_back(
      {.source = ErrorSource::gain, .shape = ErrorShape::rectangular, .standard = 0.02});
  EXPECT_NEAR(decidable_distance(ratio, 10, 0.90), scattered + ratio.instrument_half_width(0.90), 1e-12);
  EXPECT_GT(decidable_distance(ratio, 1'000'000, 0.90), 0.9 * 0.02 * std::sqrt(3.0));
}

}  // namespace
}  // namespace tinyhil::stats
