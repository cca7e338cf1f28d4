// SPDX-License-Identifier: Apache-2.0
#include "battery_life.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "normal.hpp"

namespace tinyhil {
namespace {

TEST(BatteryYears, EqualsTheReferenceValues) {
  EXPECT_NEAR(battery_years(2040, 20, 0.01), 11.0072, 5.1e-5);
  EXPECT_NEAR(battery_years(2040, 20, 0), 11.6359, 5.1e-5);
}

TEST(BatteryYears, KnowsTheEnds) {
  EXPECT_EQ(battery_years(0, 20, 0.01), 0);
  EXPECT_TRUE(std::isinf(battery_years(2040, 0, 0.01)));
}

const BatteryDuty kDoorbell{{2040, 0}, {0.01, 0}, {5, 0}, {0.5, 0}, {30, 0}};

TEST(BatteryYears, OfADutyAddsEventsToSleep) {
  EXPECT_EQ(average_ua(kDoorbell), 20);
  EXPECT_NEAR(battery_years(kDoorbell), 11.0072, 5.1e-5);
}

TEST(BatteryYearsQuantile, IsTheLifeItselfWithoutUncertainty) {
  EXPECT_EQ(battery_years_quantile(kDoorbell, 0.05, 1, 1000), battery_years(kDoorbell));
}

TEST(BatteryYearsQuantile, IsTheSameForTheSameSeed) {
  BatteryDuty duty = kDoorbell;
  duty.sleep_ua.uncertainty = 0.5;
  EXPECT_EQ(battery_years_quantile(duty, 0.05, 7), battery_years_quantile(duty, 0.05, 7));
  EXPECT_NE(battery_years_quantile(duty, 0.05, 7), battery_years_quantile(duty, 0.05, 8));
}

TEST(BatteryYearsQuantile, EqualsTheClosedFormWithOneUncertainQuantity) {
  BatteryDuty duty = kDoorbell;
  duty.charge_mah.uncertainty = 100;
  const double charge = 2040 + 100 * normal_quantile(0.05);
  EXPECT_NEAR(battery_years_quantile(duty, 0.05, 3), battery_years(charge, 20, 0.01), 0.02);
  duty.charge_mah.spread = Spread::rectangular;
  const double low = 2040 - 100 * std::sqrt(3.0) * 0.9;
  EXPECT_NEAR(battery_years_quantile(duty, 0.05, 3), battery_years(low, 20, 0.01), 0.02);
}

TEST(BatteryYearsQuantile, SurvivesDrawsBelowZero) {
  BatteryDuty duty = kDoorbell;
  duty.event_uc.uncertainty = 100;
  EXPECT_GT(battery_years_quantile(duty, 0.05, 3), 0);
}

}  // namespace
}  // namespace tinyhil
