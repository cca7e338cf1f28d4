// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "gate/rules/energy_test.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

constexpr const char* kDoorbell = "{at_least: 10 y, capacity: 2040 mAh, period: 10 s, self_discharge: 1 %}";

Finding battery_finding(const test::TestCase& made, const char* yaml) {
  return test::rule_of("battery_life", yaml)->judge(made.evidence());
}

TEST(BatteryLife, IsAnErrorWithoutARecording) {
  test::TestCase made = metered_case({});
  made.recordings.clear();
  EXPECT_EQ(battery_finding(made, kDoorbell).outcome, Outcome::error);
}

TEST(BatteryLife, ChecksItsKeys) {
  const std::string rest = ", period: 1 min}";
  EXPECT_THROW(test::rule_of("battery_life", "{capacity: 2040 mAh" + rest), Error);
  EXPECT_THROW(test::rule_of("battery_life", "{at_least: 10 years, capacity: 2040 mAh" + rest), Error);
  EXPECT_THROW(test::rule_of("battery_life", "{at_least: 10 y, capacity: 2040" + rest), Error);
  EXPECT_THROW(test::rule_of("battery_life", "{at_least: 0 y, capacity: 2040 mAh" + rest), Error);
  EXPECT_THROW(test::rule_of("battery_life", "{at_least: 10 y, capacity: 2040 mAh, quantile: 0.9" + rest),
               Error);
  EXPECT_THROW(
      test::rule_of("battery_life", "{at_least: 10 y, capacity: 2040 mAh, radio_charge: 3 uC" + rest), Error);
}

TEST(BatteryLife, RunsOnMeasuredCurrents) {
  // 10 uC an inference every 10 s are 1 uA, beside 2 uA asleep: about 3 uA, 60 years at 1 % a year.
  const Finding finding = battery_finding(metered_case({}), kDoorbell);
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.reason;
  EXPECT_NEAR(*finding.checks.at(0).estimate, 55, 6);
  EXPECT_EQ(finding.checks[0].unit, Unit::years);
  EXPECT_THAT(finding.reason, HasSubstr("what matters most: "));
}

TEST(BatteryLife, FailsWhereADutyIsTooMuch) {
  const Finding finding =
      battery_finding(metered_case({}), "{at_least: 10 y, capacity: 2040 mAh, period: 200 ms}");
  EXPECT_EQ(finding.outcome, Outcome::fail) << finding.reason;
  EXPECT_LT(*finding.checks.at(0).estimate, 5);
}

TEST(BatteryLife, TakesWhatThePolicyStatesOfTheProduct) {
  const auto years = [&](const std::string& more) {
    const std::string yaml = "{at_least: 1 y, capacity: 2040 mAh, period: 10 s" + more + "}";
    return *battery_finding(metered_case({}), yaml.c_str()).checks.at(0).estimate;
  };
  const double plain = years("");
  EXPECT_LT(years(", sleep_current: 10 uA"), plain / 3);
  EXPECT_LT(years(", awake: 10 ms"), plain);
  EXPECT_LT(years(", inferences: 3"), plain);
  EXPECT_LT(years(", radio_charge: 1 mC, radio_period: 1 h"), plain);
  EXPECT_LT(years(", temperature: 0 C, derating: 0.5 %"), plain);
  EXPECT_EQ(years(", shelf_life: 15 y"), 15);
}

TEST(BatteryLife, IsNotKnownWithoutWhatItStandsOn) {
  test::TestCase made = metered_case({});
  std::erase_if(made.recordings[0].windows,
                [](const MeasuredWindow& window) { return window.kind == WindowKind::sleep; });
  const Finding finding = battery_finding(made, kDoorbell);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("the current of sleep"));
}

}  // namespace
}  // namespace tinyhil::gate
