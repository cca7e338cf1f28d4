// SPDX-License-Identifier: Apache-2.0
#include "model/meter.hpp"

#include <gtest/gtest.h>

#include "model/energy_window.hpp"

namespace tinyhil {

namespace {

MeterIdentity ppk2() {
  MeterIdentity meter;
  meter.driver = "ppk2";
  meter.serial = "C1";
  meter.rate_hz = 100'000;
  meter.range_mode = "auto";
  meter.supply_v = 3.3;
  meter.voltage_limit = 0.02;
  return meter;
}

MeterIdentity changed(void (*change)(MeterIdentity&)) {
  MeterIdentity meter = ppk2();
  change(meter);
  return meter;
}

TEST(MeterComparison, AMeterIsComparableWithItself) { EXPECT_EQ(comparing_obstacle(ppk2(), ppk2()), ""); }

TEST(MeterComparison, EachDifferenceThatMattersIsNamedWithBothSides) {
  const auto obstacle = [](void (*change)(MeterIdentity&)) {
    return comparing_obstacle(ppk2(), changed(change));
  };
  EXPECT_EQ(obstacle([](MeterIdentity& m) { m.driver = "lpm01a"; }), "meter ppk2 against lpm01a");
  EXPECT_EQ(obstacle([](MeterIdentity& m) { m.simulated = true; }), "meter real against simulated");
  EXPECT_EQ(obstacle([](MeterIdentity& m) { m.serial = "C2"; }), "serial number of the meter C1 against C2");
  EXPECT_EQ(obstacle([](MeterIdentity& m) { m.serial = ""; }),
            "serial number of the meter C1 against unknown");
  EXPECT_EQ(obstacle([](MeterIdentity& m) { m.range_mode = "fixed 5 mA"; }), "range auto against fixed 5 mA");
  EXPECT_EQ(obstacle([](MeterIdentity& m) { m.rate_hz = 1e6; }),
            "rate 100000 samples/s against 1e+06 samples/s");
  EXPECT_EQ(obstacle([](MeterIdentity& m) { m.supply_v = 3.0; }),
            "supply 3.3 V (set point) against 3 V (set point)");
}

TEST(MeterComparison, AMeasuredVoltageMayDifferByItsUncertainty) {
  MeterIdentity a = ppk2();
  a.voltage = VoltageSource::measured;
  MeterIdentity b = a;
  b.supply_v = 3.4;
  EXPECT_EQ(comparing_obstacle(a, b), "");
  b.supply_v = 3.5;
  EXPECT_EQ(comparing_obstacle(a, b), "supply 3.3 V (measured) against 3.5 V (measured)");
}

TEST(MeterComparison, FirmwareCalibrationAndTriggerLineAreNoObstacle) {
  EXPECT_EQ(comparing_obstacle(ppk2(), changed([](MeterIdentity& m) {
                                 m.firmware = "1.2.4";
                                 m.calibrated = "2026-01-15";
                                 m.trigger = 3;
                               })),
            "");
}

TEST(EnergyWindow, KindsHaveTheirWords) {
  EXPECT_STREQ(to_string(WindowKind::inference), "inference");
  EXPECT_STREQ(to_string(WindowKind::idle), "idle");
  EXPECT_STREQ(to_string(WindowKind::sleep), "sleep");
}

}  // namespace

}  // namespace tinyhil
