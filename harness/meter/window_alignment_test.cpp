// SPDX-License-Identifier: Apache-2.0
#include "window_alignment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil::meter {
namespace {

using testing::HasSubstr;

constexpr AlignmentLimits kLimits{.sample_s = 1e-5};

// Pulses of so many samples, with 1,000 samples of rest before each.
TriggerEdges pulses(const std::vector<double>& lengths) {
  TriggerEdges edges;
  double at = 0;
  for (const double length : lengths) {
    edges.edges.push_back({at + 1'000, 0.29, true});
    edges.edges.push_back({at + 1'000 + length, 0.29, false});
    at += 1'000 + length;
  }
  return edges;
}

std::vector<DeviceWindow> windows(const std::vector<double>& samples, double clock = 1) {
  std::vector<DeviceWindow> result;
  for (const double length : samples) result.push_back({.length_s = length * 1e-5 * clock});
  return result;
}

TEST(Align, PairsPulsesAndWindowsInOrder) {
  const Alignment alignment = align(pulses({5'000, 7'000}), windows({5'000, 7'000}), kLimits);
  EXPECT_EQ(alignment.finding, "");
  ASSERT_EQ(alignment.windows.size(), 2);
  EXPECT_EQ(alignment.windows[1].first, 7'000);
  EXPECT_EQ(alignment.windows[1].last, 14'000);
  EXPECT_EQ(alignment.windows[1].incomplete, "");
  EXPECT_NEAR(alignment.windows[1].sigma_samples, 0.29 * std::sqrt(2), 1e-12);
}

TEST(Align, SaysThatTheWireIsNotConnected) {
  const Alignment alignment = align({}, windows({5'000}), kLimits);
  EXPECT_EQ(alignment.finding,
            "the trigger wire is not connected: the line stayed low while the board ran 1 window");
  EXPECT_EQ(alignment.windows[0].incomplete, alignment.finding);
}

TEST(Align, FindsALossThatNoCounterShows) {
  // 10 s windows: 64 samples are 64 ppm, less than the clocks may differ by.
  std::vector<double> lengths(8, 1'000'000), recorded = lengths;
  recorded[3] -= 64;
  recorded[5] -= 512;
  const Alignment alignment = align(pulses(recorded), windows(lengths, 1 + 300e-6), kLimits);
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_EQ(alignment.windows[i].incomplete.empty(), i != 3 && i != 5)
        << i << alignment.windows[i].incomplete;
  EXPECT_THAT(alignment.windows[5].incomplete, HasSubstr("512 samples shorter"));
  EXPECT_NEAR(alignment.clock_ratio, 1 / (1 + 300e-6), 1e-9);
  EXPECT_LT(alignment.windows[0].unseen_samples, 63);
}

TEST(Align, AllowsForClocksThatDiffer) {
  const Alignment alignment = align(pulses({100'000}), windows({100'000}, 1 + 400e-6), kLimits);
  EXPECT_EQ(alignment.windows[0].incomplete, "");
  const Alignment beyond = align(pulses({100'000}), windows({100'000}, 1 + 600e-6), kLimits);
  EXPECT_THAT(beyond.windows[0].incomplete, HasSubstr("60 samples shorter"));
}

TEST(Align, TakesALongerPulseForALooseWire) {
  const Alignment alignment = align(pulses({5'500}), windows({5'000}), kLimits);
  EXPECT_THAT(alignment.windows[0].incomplete, HasSubstr("500 samples longer"));
}

TEST(Align, KeepsTheWindowsThatAreBeyondDoubtWhereAPulseIsMissing) {
  const Alignment alignment = align(pulses({5'000, 9'000}), windows({5'000, 7'000, 9'000}), kLimits);
  EXPECT_THAT(alignment.finding, HasSubstr("2 pulses while the board ran 3 windows"));
  EXPECT_EQ(alignment.windows[0].incomplete, "");
  EXPECT_THAT(alignment.windows[1].incomplete, HasSubstr("cannot be told"));
  EXPECT_EQ(alignment.windows[2].incomplete, "");
  EXPECT_EQ(alignment.windows[2].last, 16'000);
}

TEST(Align, DoesNotGuessWhichOfEqualWindowsIsMissing) {
  const Alignment alignment = align(pulses({5'000, 5'000}), windows({5'000, 5'000, 5'000}), kLimits);
  for (const AlignedWindow& window : alignment.windows) EXPECT_NE(window.incomplete, "");
}

TEST(Align, TellsEqualWindowsApartByWhenTheHostAsked) {
  AlignmentLimits limits = kLimits;
  limits.host_slack_s = 0.002;
  std::vector<DeviceWindow> asked = windows({5'000, 5'000, 5'000});
  for (std::size_t i = 0; i < 3; ++i) {
    asked[i].asked_s = 0.06 * static_cast<double>(i);
    asked[i].answered_s = 0.06 * static_cast<double>(i + 1);
  }
  const Alignment alignment = align(pulses({5'000, 5'000}), asked, limits);
  EXPECT_EQ(alignment.windows[0].incomplete, "");
  EXPECT_EQ(alignment.windows[1].incomplete, "");
  EXPECT_NE(alignment.windows[2].incomplete, "");
}

TEST(Align, DoesNotUseAPulseOfAnotherTime) {
  std::vector<DeviceWindow> asked = windows({5'000});
  asked[0].asked_s = 3;
  EXPECT_THAT(align(pulses({5'000}), asked, kLimits).windows[0].incomplete, HasSubstr("had not been asked"));
}

TEST(Align, CannotVouchForABoardWithoutATimer) {
  const Alignment alignment = align(pulses({5'000}), windows({0}), kLimits);
  EXPECT_THAT(alignment.windows[0].incomplete, HasSubstr("no timer"));
}

TEST(Align, CountsNoPulseThatTheRecordingCuts) {
  TriggerEdges edges = pulses({5'000});
  edges.edges.insert(edges.edges.begin(), {200, 0.29, false});
  edges.edges.push_back({20'000, 0.29, true});
  edges.high_at_start = true;
  const Alignment alignment = align(edges, windows({5'000}), kLimits);
  EXPECT_EQ(alignment.finding, "");
  EXPECT_EQ(alignment.windows[0].first, 1'000);
}

}  // namespace
}  // namespace tinyhil::meter
