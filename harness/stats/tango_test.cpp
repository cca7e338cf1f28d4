// SPDX-License-Identifier: Apache-2.0
// Expected values: R contingencytables::Tango_asymptotic_score_CI_paired_2x2 and PropCIs::scoreci.mp.
#include "tango.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil {
namespace {

struct Reference {
  Pairs pairs;
  double low, high;  // two-sided 95 %
  double lower;      // one-sided 95 %
  double z, p;       // against a difference of -0.01
};

constexpr Reference kReferences[] = {
    {{40, 20, 160}, -0.21806424, -0.03086453, -0.20303480, -2.381895, 0.99138810},
    {{12, 9, 500}, -0.02576280, 0.01296972, -0.02220946, 0.432365, 0.33273809},
    {{30, 25, 2000}, -0.01007527, 0.00492633, -0.00879117, 1.941732, 0.02608479},
    {{5, 0, 300}, -0.03841539, -0.00381298, -0.03383747, -1.160518, 0.87708096},
    {{0, 0, 400}, -0.00951229, 0.00951229, -0.00671842, 2.010076, 0.02221159},
    {{1, 7, 100}, 0.00594600, 0.12925156, 0.01639563, 2.370167, 0.00889004},
    {{150, 120, 10000}, -0.00626073, 0.00022208, -0.00572865, 4.094690, 0.00002114},
};

constexpr double kDigits = 5.1e-9;

class TangoReference : public testing::TestWithParam<Reference> {};

TEST_P(TangoReference, LimitsStatisticAndPValueAgree) {
  const Reference& reference = GetParam();
  EXPECT_NEAR(lower_bound(reference.pairs, 0.975), reference.low, kDigits);
  EXPECT_NEAR(upper_bound(reference.pairs, 0.975), reference.high, kDigits);
  EXPECT_NEAR(lower_bound(reference.pairs, 0.95), reference.lower, kDigits);
  EXPECT_NEAR(tango_z(reference.pairs, -0.01), reference.z, 5.1e-7);
  EXPECT_NEAR(p_not_worse(reference.pairs, 0.01), reference.p, kDigits);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, TangoReference, testing::ValuesIn(kReferences));

TEST(Tango, MirrorsWhenLossesAndGainsAreExchanged) {
  EXPECT_NEAR(lower_bound({3, 11, 200}, 0.95), -upper_bound({11, 3, 200}, 0.95), 1e-11);
  EXPECT_NEAR(lower_bound({0, 6, 200}, 0.95), -upper_bound({6, 0, 200}, 0.95), 1e-11);
}

TEST(Tango, KnowsTheClosedFormWithoutDisagreement) {
  const double z = 1.6448536269514722;
  EXPECT_NEAR(lower_bound({0, 0, 268}, 0.95), -z * z / (268 + z * z), 1e-11);
  EXPECT_GT(lower_bound({0, 0, 268}, 0.95), -0.01);
  EXPECT_LT(lower_bound({0, 0, 267}, 0.95), -0.01);
}

TEST(Tango, StopsAtTheEndsOfTheRange) {
  EXPECT_EQ(lower_bound({5, 0, 5}, 0.95), -1);
  EXPECT_LT(upper_bound({5, 0, 5}, 0.95), 0);
  EXPECT_GT(upper_bound({5, 0, 5}, 0.95), -1);
  EXPECT_EQ(upper_bound({0, 5, 5}, 0.95), 1);
  EXPECT_GT(lower_bound({0, 5, 5}, 0.95), 0);
  EXPECT_EQ(lower_bound({0, 0, 0}, 0.95), -1);
  EXPECT_EQ(upper_bound({0, 0, 0}, 0.95), 1);
}

TEST(Tango, IsFiniteForASinglePair) {
  for (const Pairs& pairs : {Pairs{0, 0, 1}, Pairs{1, 0, 1}, Pairs{0, 1, 1}}) {
    const double low = lower_bound(pairs, 0.95), high = upper_bound(pairs, 0.95);
    EXPECT_TRUE(-1 <= low && low <= pairs.difference() && pairs.difference() <= high && high <= 1);
  }
}

TEST(Tango, FallsWithTheDifferenceForEveryTableOfAFewPairs) {
  for (int n = 1; n <= 6; ++n) {
    for (int lost = 0; lost <= n; ++lost) {
      for (int gained = 0; lost + gained <= n; ++gained) {
        const Pairs pairs{double(lost), double(gained), double(n)};
        double before = tango_z(pairs, -0.999);
        for (double d = -0.99; d < 0.995; d += 0.01) {
          const double z = tango_z(pairs, d);
          EXPECT_LE(z, before + 1e-9) << lost << ' ' << gained << ' ' << n << " at " << d;
          before = z;
        }
      }
    }
  }
}

TEST(Tango, TellsWorseFromNotWorse) {
  const Pairs clearly_worse{30, 8, 121};
  EXPECT_LT(p_worse(clearly_worse, 0.06), 0.01);
  EXPECT_NEAR(p_worse(clearly_worse, 0.06) + p_not_worse(clearly_worse, 0.06), 1.0, 1e-12);
}

}  // namespace
}  // namespace tinyhil
