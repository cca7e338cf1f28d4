// SPDX-License-Identifier: Apache-2.0
#include "energy_plan.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"

namespace tinyhil {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(EnergyPlan, HasDefaultsForEveryKey) {
  const EnergyPlan plan = read_energy_plan(Section::parse("{}", "campaign.yaml"));
  EXPECT_EQ(plan.vectors, 20u);
  EXPECT_EQ(plan.window, 20ms);
  EXPECT_EQ(plan.lost, MeterLost::stop);
}

TEST(EnergyPlan, ReadsEveryKey) {
  const EnergyPlan plan = read_energy_plan(Section::parse(
      "{vectors: 5, window: 10 s, rest: 2 ms, idle: 1 s, sleep: 0 s, meter_lost: go-on}", "campaign.yaml"));
  EXPECT_EQ(plan.vectors, 5u);
  EXPECT_EQ(plan.window, 10s);
  EXPECT_EQ(plan.rest, 2ms);
  EXPECT_EQ(plan.idle, 1s);
  EXPECT_EQ(plan.sleep, 0s);
  EXPECT_EQ(plan.lost, MeterLost::go_on);
}

TEST(EnergyPlan, RefusesLengthsThatNoBoardDoes) {
  const auto read = [](const char* yaml) {
    return test::error_of([&] { read_energy_plan(Section::parse(yaml, "campaign.yaml")); });
  };
  EXPECT_THAT(read("{window: 61 s}").what(), HasSubstr("`window` is outside"));
  EXPECT_THAT(read("{rest: 10 us}").remedy(), HasSubstr("1 ms to 10000 ms"));
  EXPECT_THAT(read("{vectors: 1}").what(), HasSubstr("vectors"));
  EXPECT_THAT(read("{windows: 1 s}").what(), HasSubstr("windows"));
}

}  // namespace
}  // namespace tinyhil
