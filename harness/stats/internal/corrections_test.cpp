// SPDX-License-Identifier: Apache-2.0
// Expected values: statsmodels.stats.multitest.multipletests and R p.adjust.
#include "corrections.hpp"

#include <gmock/gmock.h>

namespace tinyhil::stats {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pointwise;

const std::vector<double> kP{.001, .008, .039, .041, .042, .06, .074, .205, .212, .216};

TEST(Corrections, EqualTheReferenceValues) {
  const std::vector<double> bh{.01, .04, .084, .084, .084, .1, .105714, .216, .216, .216};
  const std::vector<double> by{.02929,  .117159, .246033, .246033, .246033,
                               .292897, .309634, .632657, .632657, .632657};
  const std::vector<double> hommels{.01, .072, .185, .185, .185, .216, .216, .216, .216, .216};
  EXPECT_THAT(benjamini_hochberg(kP), Pointwise(DoubleNear(5.1e-7), bh));
  EXPECT_THAT(benjamini_yekutieli(kP), Pointwise(DoubleNear(5.1e-7), by));
  EXPECT_THAT(hommel(kP), Pointwise(DoubleNear(5.1e-7), hommels));
}

TEST(Corrections, KeepTheOrderTheyWereGiven) {
  EXPECT_THAT(benjamini_hochberg({0.9, 0.01}), ElementsAre(DoubleNear(0.9, 1e-15), DoubleNear(0.02, 1e-15)));
  EXPECT_THAT(hommel({0.9, 0.01}), ElementsAre(DoubleNear(0.9, 1e-15), DoubleNear(0.02, 1e-15)));
}

TEST(Corrections, LeaveASingleValueAlone) {
  EXPECT_THAT(benjamini_yekutieli({0.3}), ElementsAre(0.3));
  EXPECT_THAT(hommel({0.3}), ElementsAre(0.3));
  EXPECT_THAT(hommel({}), IsEmpty());
}

}  // namespace
}  // namespace tinyhil::stats
