// SPDX-License-Identifier: Apache-2.0
#include "energy_estimate.hpp"

#include <gtest/gtest.h>

#include <array>

namespace tinyhil::campaign {
namespace {

using namespace std::chrono_literals;

constexpr EnergyPlan kPlan{.vectors = 10, .window = 20ms, .rest = 5ms, .idle = 100ms, .sleep = 500ms};

TEST(EnergyEstimate, CountsWindowsAndTheirTime) {
  const std::array<double, 2> inference_s{0.004, 0.015};
  const EnergyEstimate made = estimate_energy(kPlan, 1'000, inference_s);
  EXPECT_EQ(made.blocks, 10);
  EXPECT_EQ(made.inference_windows, 40);
  EXPECT_EQ(made.idle_windows, 3);
  EXPECT_EQ(made.sleep_windows, 3);
  // 20 ms of whole inferences are five of 4 ms, or two of 15 ms.
  EXPECT_NEAR(made.seconds, 20 * (0.020 + 0.010) + 20 * (0.030 + 0.010) + 3 * 0.110 + 3 * 0.510, 1e-9);
  EXPECT_FALSE(made.is_lower_bound);
}

TEST(EnergyEstimate, OfModelsThatNobodyTimedIsALowerBound) {
  const std::array<double, 2> inference_s{0, 0.020};
  const EnergyEstimate made = estimate_energy(kPlan, 1'000, inference_s);
  EXPECT_TRUE(made.is_lower_bound);
  EXPECT_NEAR(made.seconds, 40 * 0.030 + 3 * 0.110 + 3 * 0.510, 1e-9);
}

TEST(EnergyEstimate, HasNoMoreBlocksThanVectors) {
  const std::array<double, 3> inference_s{0.020, 0.020, 0.020};
  EXPECT_EQ(estimate_energy(kPlan, 4, inference_s).inference_windows, 4 * 6);
}

TEST(EnergyEstimate, DoesNotSleepWhereTheBoardCannot) {
  EnergyPlan plan = kPlan;
  plan.sleep = 0ms;
  const std::array<double, 2> inference_s{0.020, 0.020};
  EXPECT_EQ(estimate_energy(plan, 1'000, inference_s).sleep_windows, 0);
}

TEST(EnergyEstimate, RestsInEachRecording) {
  EnergyPlan plan = kPlan;
  plan.vectors = 100;  // three recordings
  const std::array<double, 2> inference_s{0.020, 0.020};
  EXPECT_EQ(estimate_energy(plan, 1'000, inference_s).idle_windows, 9);
}

}  // namespace
}  // namespace tinyhil::campaign
