// SPDX-License-Identifier: Apache-2.0
#include "sim/current_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil::sim {

namespace {

constexpr Currents kCurrents;

TEST(CurrentModel, AConstantStateDrawsItsCurrent) {
  CurrentModel model(kCurrents);
  EXPECT_NEAR(model.charge_until(2), 2 * kCurrents.idle_a, 1e-15);
}

TEST(CurrentModel, AWindowsChargeIsTheIntegralOfItsCurrent) {
  CurrentModel model(kCurrents);
  model.add({0.010, PowerState::active, true});
  model.add({0.030, PowerState::idle, false});
  model.charge_until(0.1);
  ASSERT_EQ(model.windows().size(), 1U);
  const TrueWindow& window = model.windows().front();
  EXPECT_EQ(window.start_s, 0.010);
  EXPECT_EQ(window.end_s, 0.030);
  const double settling = (kCurrents.idle_a - kCurrents.active_a) * kCurrents.settling_s;
  EXPECT_NEAR(window.charge_c, 0.020 * kCurrents.active_a + settling, 1e-16);
}

TEST(CurrentModel, TheIntegralIsTheSameInPiecesOfAnySize) {
  for (const double step : {1e-6, 1e-5, 3.3e-4, 0.02}) {
    CurrentModel model(kCurrents);
    model.add({0.0100033, PowerState::active, true});
    model.add({0.0100133, PowerState::sleep, false});  // before it has settled
    model.add({0.0200011, PowerState::idle, true});
    model.add({0.0300022, PowerState::active, false});
    double charge = 0;
    for (int n = 1; n * step <= 0.04 + 1e-12; ++n) charge += model.charge_until(n * step);
    charge += model.charge_until(0.04);
    ASSERT_EQ(model.windows().size(), 2U);
    CurrentModel whole(kCurrents);
    whole.add({0.0100033, PowerState::active, true});
    whole.add({0.0100133, PowerState::sleep, false});
    whole.add({0.0200011, PowerState::idle, true});
    whole.add({0.0300022, PowerState::active, false});
    EXPECT_NEAR(charge, whole.charge_until(0.04), 1e-14) << step;
    for (std::size_t n = 0; n < 2; ++n)
      EXPECT_NEAR(model.windows()[n].charge_c, whole.windows()[n].charge_c, 1e-15);
  }
}

TEST(CurrentModel, WithoutSupplyNothingFlows) {
  CurrentModel model(kCurrents);
  model.supply(false);
  EXPECT_EQ(model.charge_until(1), 0);
  model.supply(true);
  EXPECT_GT(model.charge_until(2), 0);
}

TEST(CurrentModel, AnEventThatComesTooLateHappensNow) {
  CurrentModel model(kCurrents);
  model.charge_until(1);
  model.add({0.5, PowerState::active, true});
  model.add({1.5, PowerState::idle, false});
  model.charge_until(2);
  EXPECT_EQ(model.windows().front().start_s, 1);
}

}  // namespace

}  // namespace tinyhil::sim
