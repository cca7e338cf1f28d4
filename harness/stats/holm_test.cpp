// SPDX-License-Identifier: Apache-2.0
// Expected values: statsmodels.stats.multitest.multipletests(method="holm").
#include "holm.hpp"

#include <gmock/gmock.h>

namespace tinyhil::stats {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pointwise;

TEST(Holm, EqualsTheReferenceValues) {
  const std::vector<double> p{.001, .008, .039, .041, .042, .06, .074, .205, .212, .216};
  const std::vector<double> expected{.01, .072, .312, .312, .312, .312, .312, .615, .615, .615};
  EXPECT_THAT(holm(p), Pointwise(DoubleNear(1e-12), expected));
}

TEST(Holm, KeepsTheOrderItWasGiven) {
  EXPECT_THAT(holm({0.04, 0.001}), ElementsAre(DoubleNear(0.04, 1e-15), DoubleNear(0.002, 1e-15)));
}

TEST(Holm, NeverExceedsOneAndLeavesASingleValueAlone) {
  EXPECT_THAT(holm({0.9, 0.8}), ElementsAre(1.0, 1.0));
  EXPECT_THAT(holm({0.3}), ElementsAre(0.3));
  EXPECT_THAT(holm({}), IsEmpty());
}

}  // namespace
}  // namespace tinyhil::stats
