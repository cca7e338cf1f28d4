// SPDX-License-Identifier: Apache-2.0
#include "energy_uncertainty.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil {
namespace {

constexpr EnergyReading kReading{0.002, 3.0, 0.05};  // 2 mJ in 50 ms at 3 V: 40 mW
constexpr EnergyReading kLess{0.0018, 3.0, 0.05};

TEST(TypeB, AddsItsPartsAsSquares) {
  EXPECT_NEAR(type_b(kReading, {0.01, 0, 0, 0}), 2e-5, 1e-18);
  EXPECT_NEAR(type_b(kReading, {0, 1e-6, 0, 0}), 1.5e-7, 1e-18);
  EXPECT_NEAR(type_b(kReading, {0, 0, 0.001, 0}), 2e-6, 1e-18);
  EXPECT_NEAR(type_b(kReading, {0, 0, 0, 1e-5}), 4e-7, 1e-18);
  EXPECT_NEAR(type_b(kReading, {0.003, 0, 0.004, 0}), 1e-5, 1e-18);
  EXPECT_NEAR(rectangular(std::sqrt(3.0)), 1, 1e-15);
}

TEST(TypeBOfADifference, CancelsOnOneInstrument) {
  EXPECT_NEAR(type_b_of_difference(kReading, kLess, {0.01, 1e-6, 0, 0}), 0.0002 * 0.01, 1e-18);
  EXPECT_EQ(type_b_of_difference(kReading, kReading, {0.01, 1e-6, 0.01, 0}), 0);
}

TEST(TypeBOfADifference, DoesNotCancelOnDifferentInstruments) {
  const MeterUncertainty meter{0.01, 0, 0, 0};
  EXPECT_NEAR(type_b_of_difference(kReading, meter, kLess, meter), std::hypot(2e-5, 1.8e-5), 1e-18);
}

TEST(TypeBOfADifference, CountsOffsetForUnequalWindows) {
  const EnergyReading longer{0.002, 3.0, 0.06};
  EXPECT_NEAR(type_b_of_difference(longer, kReading, {0, 1e-6, 0, 0}), 3 * 0.01 * 1e-6, 1e-18);
}

TEST(Expanded, IsTheGuardBandAroundTheEstimate) {
  const Interval band = expanded(2.0, 0.03, 0.04, 2);
  EXPECT_NEAR(band.low, 1.9, 1e-12);
  EXPECT_NEAR(band.high, 2.1, 1e-12);
}

TEST(InstrumentLimited, IsWhatMoreVectorsCannotMend) {
  EXPECT_TRUE(instrument_limited(1.98, 2.0, 0.04, 2));
  EXPECT_FALSE(instrument_limited(1.9, 2.0, 0.04, 2));
}

}  // namespace
}  // namespace tinyhil
