// SPDX-License-Identifier: Apache-2.0
#include "battery_life.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "normal.hpp"

namespace tinyhil::stats {
namespace {

// 5 uA of sleep, and each second a wake-up whose inference takes 30 uC half of the time: 20 uA.
BatteryModel doorbell() {
  BatteryModel model;
  model[BatteryInput::capacity_mah] = {2040};
  model[BatteryInput::self_discharge_per_year] = {0.01};
  model[BatteryInput::temperature_c] = {25};
  model[BatteryInput::sleep_ua] = {5};
  model[BatteryInput::wakeups_per_day] = {43'200};
  model[BatteryInput::inferences_per_wakeup] = {1};
  model[BatteryInput::inference_uc] = {30};
  return model;
}

TEST(BatteryYears, EqualsTheReferenceValues) {
  EXPECT_NEAR(battery_years(2040, 20, 0.01), 11.0072, 5.1e-5);
  EXPECT_NEAR(battery_years(2040, 20, 0), 11.6359, 5.1e-5);
}

TEST(BatteryYears, KnowsTheEnds) {
  EXPECT_EQ(battery_years(0, 20, 0.01), 0);
  EXPECT_TRUE(std::isinf(battery_years(2040, 0, 0.01)));
}

TEST(BatteryYears, OfADutyAddsInferencesToSleep) {
  EXPECT_NEAR(average_ua(doorbell()), 20, 1e-12);
  EXPECT_NEAR(battery_years(doorbell()), 11.0072, 5.1e-5);
}

TEST(BatteryYears, DoNotSleepWhileAwake) {
  BatteryModel model = doorbell();
  model[BatteryInput::inference_s] = {0.5};  // a quarter of the day
  model[BatteryInput::idle_s_per_wakeup] = {0.5};
  model[BatteryInput::idle_ua] = {100};
  EXPECT_NEAR(average_ua(model), 5 * 0.5 + 100 * 0.25 + 15, 1e-9);
  model[BatteryInput::inference_s] = {100};  // never asleep
  EXPECT_NEAR(average_ua(model), 100 * 0.25 + 15, 1e-9);
}

TEST(BatteryYears, CountWakeUpsAndTransmissions) {
  BatteryModel model = doorbell();
  model[BatteryInput::wakeup_uc] = {2};
  model[BatteryInput::radio_per_day] = {24};
  model[BatteryInput::radio_uc] = {3600};
  EXPECT_NEAR(average_ua(model), 20 + 1 + 1, 1e-9);
}

TEST(BatteryYears, PassThroughTheRegulator) {
  BatteryModel model = doorbell();
  model.board_v = 1.8;
  model.battery_v = 3.6;
  model[BatteryInput::regulator_share] = {0.8};
  model[BatteryInput::regulator_ua] = {0.5};
  EXPECT_NEAR(average_ua(model), 20 * 0.5 / 0.8 + 0.5, 1e-9);
  model[BatteryInput::regulator_share] = {0.5};  // a linear one: the same current
  EXPECT_NEAR(average_ua(model), 20.5, 1e-9);
}

TEST(BatteryYears, LoseTwiceAsMuchTenKelvinWarmer) {
  BatteryModel model = doorbell();
  model[BatteryInput::temperature_c] = {35};
  EXPECT_NEAR(battery_years(model), battery_years(2040, 20, 0.02), 1e-9);
  model[BatteryInput::temperature_c] = {15};
  model[BatteryInput::derating_per_k] = {0.01};
  EXPECT_NEAR(battery_years(model), battery_years(2040 * 0.9, 20, 0.005), 1e-9);
}

TEST(BatteryYears, EndWhereAPulsePullsTheVoltageBelowTheCutOff) {
  BatteryModel model = doorbell();
  model.peak_ma = 100;
  model.full_v = 3;
  model.empty_v = 2;
  model.cutoff_v = 2;
  EXPECT_NEAR(usable_mah(model), 2040, 1e-9);
  model[BatteryInput::resistance_ohm] = {4};  // 0.4 V
  EXPECT_NEAR(usable_mah(model), 2040 * 0.6, 1e-9);
  model[BatteryInput::resistance_ohm] = {40};
  EXPECT_EQ(battery_years(model), 0);
}

TEST(BatteryYears, EndWithTheShelfLife) {
  BatteryModel model = doorbell();
  model[BatteryInput::shelf_years] = {10};
  EXPECT_EQ(battery_years(model), 10);
}

TEST(BatteryLife, IsTheLifeItselfWithoutUncertainty) {
  const BatteryLife life = battery_life(doorbell(), 1, 1000);
  EXPECT_EQ(life.p5_years, battery_years(doorbell()));
  EXPECT_EQ(life.p95_years, life.p5_years);
}

TEST(BatteryLife, IsTheSameForTheSameSeed) {
  BatteryModel model = doorbell();
  model[BatteryInput::sleep_ua].uncertainty = 0.5;
  EXPECT_EQ(battery_years_quantile(model, 0.05, 7), battery_years_quantile(model, 0.05, 7));
  EXPECT_NE(battery_years_quantile(model, 0.05, 7), battery_years_quantile(model, 0.05, 8));
}

TEST(BatteryLife, EqualsTheClosedFormWithOneUncertainInput) {
  BatteryModel model = doorbell();
  model[BatteryInput::capacity_mah].uncertainty = 100;
  const BatteryLife life = battery_life(model, 3);
  EXPECT_NEAR(life.p5_years, battery_years(2040 + 100 * normal_quantile(0.05), 20, 0.01), 0.02);
  EXPECT_NEAR(life.p50_years, battery_years(2040, 20, 0.01), 0.02);
  EXPECT_NEAR(life.p95_years, battery_years(2040 + 100 * normal_quantile(0.95), 20, 0.01), 0.02);
  model[BatteryInput::capacity_mah].spread = Spread::rectangular;
  const double low = 2040 - 100 * std::sqrt(3.0) * 0.9;
  EXPECT_NEAR(battery_years_quantile(model, 0.05, 3), battery_years(low, 20, 0.01), 0.02);
}

TEST(BatteryLife, SurvivesDrawsBelowZero) {
  BatteryModel model = doorbell();
  model[BatteryInput::inference_uc].uncertainty = 100;
  EXPECT_GT(battery_years_quantile(model, 0.05, 3), 0);
}

TEST(BatteryTornado, PutsWhatMovesTheLifeMostFirst) {
  BatteryModel model = doorbell();
  model[BatteryInput::sleep_ua].uncertainty = 0.1;
  model[BatteryInput::capacity_mah].uncertainty = 200;
  const std::vector<BatteryLever> levers = battery_tornado(model);
  ASSERT_EQ(levers.size(), 2);
  EXPECT_EQ(levers[0].input, BatteryInput::capacity_mah);
  EXPECT_NEAR(levers[0].years_at_low, battery_years(2040 + 200 * normal_quantile(0.05), 20, 0.01), 1e-9);
  EXPECT_GT(levers[0].years_at_high, levers[0].years_at_low);
  EXPECT_EQ(levers[1].input, BatteryInput::sleep_ua);
  EXPECT_LT(levers[1].years_at_high, levers[1].years_at_low);
}

TEST(BatteryTornado, LeavesOutWhatIsCertain) { EXPECT_TRUE(battery_tornado(doorbell()).empty()); }

}  // namespace
}  // namespace tinyhil::stats
