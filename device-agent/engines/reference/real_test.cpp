// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include "real.h"
}

#include <gtest/gtest.h>

#include <cmath>

namespace {

constexpr double kNear = 1e-15;  // of the value: some units in the last place

TEST(Real, ExpIsThatOfTheCLibraryToSomeLastPlaces) {
  for (double x = -700; x < 700; x += 0.137) EXPECT_NEAR(thil_real_exp(x) / std::exp(x), 1, kNear) << x;
  EXPECT_EQ(thil_real_exp(0), 1);
}

TEST(Real, ExpOfWhatIsTooLowOrNoNumberIsZero) {
  EXPECT_EQ(thil_real_exp(-1000), 0);
  EXPECT_EQ(thil_real_exp(std::nan("")), 0);
  EXPECT_EQ(thil_real_exp(1000), thil_real_exp(708));
}

TEST(Real, LogIsThatOfTheCLibraryToSomeLastPlaces) {
  for (double x = 1.0001; x < 1e6; x *= 1.0137) EXPECT_NEAR(thil_real_log(x) / std::log(x), 1, kNear) << x;
  EXPECT_EQ(thil_real_log(1), 0);
}

}  // namespace
