// SPDX-License-Identifier: Apache-2.0
#include "disagreement_first.hpp"

#include <gtest/gtest.h>

#include "random.hpp"

namespace tinyhil {
namespace {

TEST(DisagreementFirst, ClaimsTheFullSetFromAFewRuns) {
  // 50 000 vectors, 3 % of which the models differ on: 1500 + 598 runs instead of 50 000.
  const DisagreementFirst counts{50'000, 1500, 700, 800, 598, 0};
  EXPECT_NEAR(lower_bound(counts, 0.95), 0.002 - 0.97 * 0.005, 5e-6);
  EXPECT_GT(lower_bound(counts, 0.95), -0.01);
}

TEST(DisagreementFirst, WidensWithEachSurprise) {
  const DisagreementFirst none{1000, 50, 10, 10, 200, 0}, one{1000, 50, 10, 10, 200, 1};
  EXPECT_LT(lower_bound(one, 0.95), lower_bound(none, 0.95));
}

TEST(DisagreementFirst, IsExactOnceEveryVectorWasRun) {
  EXPECT_NEAR(lower_bound({100, 20, 8, 5, 80, 2}, 0.95), -0.05, 1e-12);
  EXPECT_NEAR(lower_bound({100, 100, 8, 5, 0, 0}, 0.95), -0.03, 1e-12);
}

TEST(DisagreementFirst, KnowsNothingWithoutASample) {
  EXPECT_EQ(lower_bound(DisagreementFirst{1000, 0, 0, 0, 0, 0}, 0.95), -1);
  EXPECT_EQ(lower_bound(DisagreementFirst{}, 0.95), -1);
}

TEST(DisagreementFirst, BoundHoldsAtItsLevel) {
  // 5000 vectors, 100 predicted; of the others the device loses 20 that no host foresaw.
  Random random(61);
  constexpr int kCampaigns = 3000;
  const double truth = -(10.0 + 20.0) / 5000;
  int missed = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    std::uint64_t lost_left = 20, left = 4900, found = 0;
    for (int draw = 0; draw < 400; ++draw, --left) {
      if (random.below(left) < lost_left) --lost_left, ++found;
    }
    missed += lower_bound(DisagreementFirst{5000, 100, 45, 35, 400, found}, 0.95) > truth;
  }
  EXPECT_LE(missed, kCampaigns * 0.06);
}

}  // namespace
}  // namespace tinyhil
