// SPDX-License-Identifier: Apache-2.0
#include "recorded_energy.hpp"

#include <gmock/gmock.h>

#include "testing/recording.hpp"

namespace tinyhil::stats {
namespace {

Recording two_blocks() {
  Recording recording;
  recording.info = {"m4", test::bench_meter()};
  const auto add = [&](tinyhil::MeasuredWindow window, double begin_s, std::uint32_t block) {
    window.begin_s = begin_s;
    window.block = block;
    recording.windows.push_back(std::move(window));
  };
  add(test::resting_window(WindowKind::idle, 1e-3, 0.1), 0, 0);
  add(test::inference_window("shipped", 7, 1e-4), 1, 0);
  add(test::inference_window("slim", 7, 8e-5), 2, 0);
  add(test::inference_window("shipped", 9, 1.2e-4), 3, 1);
  add(test::resting_window(WindowKind::idle, 2e-3, 0.1), 4, 2);
  return recording;
}

TEST(RecordedEnergy, GivesEachWindowTheIdleWindowNearestToIt) {
  const std::vector<InferenceWindow> windows = inference_windows(two_blocks(), "shipped");
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_DOUBLE_EQ(mean_a(windows[0].idle), 1e-3);
  EXPECT_DOUBLE_EQ(mean_a(windows[1].idle), 2e-3);
  EXPECT_EQ(windows[1].proven, 10u);
  EXPECT_EQ(windows[1].vector, 9u);
  EXPECT_DOUBLE_EQ(charge_c(windows[1].window), 1.2e-4);
}

TEST(RecordedEnergy, TakesWhatTheMeterPromisesOfEachRange) {
  const MeasuredWindow window = inference_windows(two_blocks(), "slim").at(0).window;
  ASSERT_EQ(window.ranges.size(), 2u);
  EXPECT_EQ(window.ranges[0].gain_limit, 0.10);
  EXPECT_EQ(window.ranges[1].gain_limit, 0.15);
  EXPECT_DOUBLE_EQ(window.ranges[1].charge_c, 8e-5);
}

TEST(RecordedEnergy, PairsModelsInBlocksThatBothHave) {
  const std::vector<EnergyBlock> blocks = energy_blocks(two_blocks(), {"shipped", "slim"});
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(blocks[0].a.size(), 1u);
  EXPECT_DOUBLE_EQ(charge_c(blocks[0].b[0].window), 8e-5);
}

TEST(RecordedEnergy, LeavesOutWhatIsIncompleteOrProvesNothing) {
  Recording recording = two_blocks();
  recording.windows[1].state = WindowState::incomplete;
  recording.windows[3].report.proven = 0;
  recording.windows[4].state = WindowState::incomplete;
  EXPECT_TRUE(inference_windows(recording, "shipped").empty());
  EXPECT_EQ(resting_windows(recording, WindowKind::idle).size(), 1u);
  EXPECT_EQ(resting_windows(recording, WindowKind::sleep).size(), 0u);
}

}  // namespace
}  // namespace tinyhil::stats
