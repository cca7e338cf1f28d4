// SPDX-License-Identifier: Apache-2.0
#include "modified_z.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

// Median 4, distances 3 1 0 1 6, MAD 1.
TEST(ModifiedZ, MeasuresTheDistanceFromTheMedianInMedianDistances) {
  const double values[] = {1, 3, 4, 5, 10};
  EXPECT_THAT(modified_z(values), ElementsAre(DoubleNear(-2.0235, 1e-12), DoubleNear(-0.6745, 1e-12), 0.0,
                                              DoubleNear(0.6745, 1e-12), DoubleNear(4.047, 1e-12)));
  EXPECT_TRUE(modified_z({}).empty());
}

TEST(ModifiedZ, IsInfiniteBesideValuesThatAreEqual) {
  const double values[] = {7, 7, 7, 6.5};
  const std::vector<double> scores = modified_z(values);
  EXPECT_EQ(scores[0], 0);
  EXPECT_TRUE(std::isinf(scores[3]));
  EXPECT_LT(scores[3], 0);
}

TEST(ModifiedZ, HasNoLimitForTwo) {
  EXPECT_FALSE(modified_z_limit(2));
  EXPECT_EQ(modified_z_limit(3), 22);
  EXPECT_EQ(modified_z_limit(5), 7.9);
  EXPECT_EQ(modified_z_limit(1'000'000), modified_z_limit(1'000));
}

TEST(ModifiedZ, MarksOneOfNormalValuesInOneOfTwentySetsAtMost) {
  SeededRandom random(20261201);
  for (const std::size_t n : {3, 5, 7, 9, 11, 30}) {
    constexpr int kSets = 4'000;
    int marked = 0;
    for (int set = 0; set < kSets; ++set) {
      std::vector<double> values(n);
      for (double& value : values) value = random.normal();
      double farthest = 0;
      for (const double score : modified_z(values)) farthest = std::max(farthest, std::abs(score));
      marked += farthest > *modified_z_limit(n) ? 1 : 0;
    }
    EXPECT_LT(marked, kSets * 0.065) << n;  // 5 % and four standard errors
    EXPECT_GT(marked, kSets * 0.02) << n;
  }
}

}  // namespace
}  // namespace tinyhil::stats
