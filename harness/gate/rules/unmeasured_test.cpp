// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

// Rules about what no bench measures yet: their keys are checked, and they never pass.
Finding judged_unmeasured(const char* test, const char* yaml) {
  TestCase made = comparable_case();
  made.add_pairs(0, 0, 400);
  return rule_of(test, yaml)->judge(made.evidence());
}

constexpr const char* kDoorbell =
    "{at_least: 10 y, capacity: 2040 mAh, sleep_current: 4 uA, period: 1 min, self_discharge: 1 %}";

TEST(Energy, IsAnErrorWithoutAMeter) {
  const Finding finding = judged_unmeasured("energy", "{margin: 3 %, block: board}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("energy of an inference was not measured: no current meter"));
}

TEST(Energy, ChecksItsKeys) {
  EXPECT_THROW(rule_of("energy", "{}"), Error);
  EXPECT_THROW(rule_of("energy", "{margin: 0 %}"), Error);
  EXPECT_THROW(rule_of("energy", "{margin: 3 %, block: bord}"), Error);
}

TEST(BatteryLife, IsAnErrorWithoutAMeter) {
  const Finding finding = judged_unmeasured("battery_life", kDoorbell);
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("was not measured: no current meter"));
}

TEST(BatteryLife, ChecksItsKeys) {
  const std::string rest = ", sleep_current: 4 uA, period: 1 min}";
  EXPECT_THROW(rule_of("battery_life", "{capacity: 2040 mAh" + rest), Error);
  EXPECT_THROW(rule_of("battery_life", "{at_least: 10 years, capacity: 2040 mAh" + rest), Error);
  EXPECT_THROW(rule_of("battery_life", "{at_least: 10 y, capacity: 2040" + rest), Error);
  EXPECT_THROW(rule_of("battery_life", "{at_least: 0 y, capacity: 2040 mAh" + rest), Error);
  EXPECT_THROW(rule_of("battery_life", "{at_least: 10 y, capacity: 2040 mAh, quantile: 0.9" + rest), Error);
}

TEST(Memory, IsAnErrorAboutStackThatNobodyMeasured) {
  const Finding finding = judged_unmeasured("memory", "{metric: stack_free, at_least: 256 B}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_EQ(finding.reason, "stack_free of the candidate was not measured");
  EXPECT_THROW(rule_of("memory", "{metric: stack_free, limit: 256 B}"), Error);
  EXPECT_THROW(rule_of("memory", "{metric: arena_used, at_least: 256 B}"), Error);
}

}  // namespace
}  // namespace tinyhil
