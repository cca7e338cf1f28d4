// SPDX-License-Identifier: Apache-2.0
// Expected values: scipy.stats.mannwhitneyu(method="asymptotic"), wilcoxon(correction=True), brunnermunzel,
// ks_2samp, wasserstein_distance.
#include "mann_whitney.hpp"

#include <gtest/gtest.h>

#include "stats/internal/brunner_munzel.hpp"
#include "stats/internal/distribution_distance.hpp"
#include "stats/internal/histogram_of.hpp"
#include "stats/internal/merged_histogram.hpp"

namespace tinyhil::stats {
namespace {

const Histogram kBaseline = histogram_of({101, 103, 99, 104, 102, 107, 100, 103, 105, 110});
const Histogram kCandidate = histogram_of({104, 106, 103, 108, 101, 109, 107, 111, 105, 112, 104});

TEST(MannWhitney, EqualsTheReferenceValuesWithTies) {
  const RankStatistic found = mann_whitney(kBaseline, kCandidate).value();
  EXPECT_EQ(found.value, 82.5);
  EXPECT_NEAR(found.p_two_sided(Continuity::corrected), 0.0563770, 5.1e-8);
  EXPECT_NEAR(found.p_greater(Continuity::corrected), 0.0281885, 5.1e-8);
  EXPECT_NEAR(found.p_two_sided(Continuity::none), 0.05196241621105, 1e-12);
}

TEST(MannWhitney, SeesNothingWhenAllValuesAreEqual) {
  const RankStatistic found = mann_whitney({{7, 1000}}, {{7, 300}}).value();
  EXPECT_EQ(found.sd, 0);
  EXPECT_EQ(found.value, found.mean);
  EXPECT_EQ(found.p_two_sided(Continuity::corrected), 1);
  EXPECT_EQ(found.p_greater(Continuity::none), 1);
}

TEST(MannWhitney, IsNoneWithoutObservationsOnASide) {
  EXPECT_FALSE(mann_whitney({}, kCandidate));
  EXPECT_FALSE(mann_whitney(kBaseline, {}));
}

TEST(MannWhitney, NeverHasAPValueAboveOne) {
  EXPECT_EQ(mann_whitney({{1, 1}, {2, 1}}, {{1, 1}, {2, 1}})->p_two_sided(Continuity::corrected), 1);
}

TEST(MannWhitney, KeepsItsDigitsAtTenMillionObservations) {
  const RankStatistic found =
      mann_whitney({{1, 6'000'000}, {2, 4'000'000}}, {{1, 4'000'000}, {2, 6'000'000}}).value();
  EXPECT_EQ(found.value, 6e13);  // 2 above 1: 3.6e13, and half of the equal 4.8e13
}

TEST(SignedRank, EqualsTheReferenceValues) {
  // In thousandths. R finds p = 0.010776 from the same numbers in units, where rounding has split two of the
  // ties.
  const RankStatistic found =
      signed_rank(histogram_of({3001, 3001, 4001, 4001, -999, 2001, 7001, 8001, 1, 2001})).value();
  EXPECT_EQ(found.value, 53);
  EXPECT_NEAR(found.p_two_sided(Continuity::corrected), 0.010673370946293, 1e-12);
  EXPECT_NEAR(found.p_two_sided(Continuity::none), 0.009206780321047, 1e-12);
}

TEST(SignedRank, LeavesZerosOutAndIsNoneOfZerosAlone) {
  EXPECT_EQ(signed_rank({{-2, 1}, {0, 50}, {3, 1}})->value, 2);
  EXPECT_FALSE(signed_rank({{0, 50}}));
  EXPECT_FALSE(signed_rank({}));
}

TEST(BrunnerMunzel, EqualsTheReferenceValues) {
  const auto found = brunner_munzel(kBaseline, kCandidate).value();
  EXPECT_NEAR(found.statistic, 2.2570151, 5.1e-8);
  EXPECT_NEAR(found.p_two_sided, 0.0370332, 5.1e-8);
  EXPECT_NEAR(found.greater, 0.75, 1e-12);
}

TEST(BrunnerMunzel, IsNoneWithoutVarianceOrObservations) {
  EXPECT_FALSE(brunner_munzel({{1, 5}}, {{1, 5}}));
  EXPECT_FALSE(brunner_munzel({{1, 5}, {2, 3}}, {{8, 5}}));
  EXPECT_FALSE(brunner_munzel({{1, 1}}, {{1, 2}, {2, 3}}));
}

TEST(DistributionDistance, EqualsTheReferenceValues) {
  const DistributionDistance found = distribution_distance(kBaseline, kCandidate);
  EXPECT_NEAR(found.kolmogorov, 0.4181818, 5.1e-8);
  EXPECT_NEAR(kolmogorov_p(found.kolmogorov, 10, 11), 0.2586103, 5.1e-8);
  EXPECT_NEAR(found.wasserstein, 2.963636363636364, 1e-12);
}

TEST(DistributionDistance, IsZeroBetweenEqualDistributions) {
  const DistributionDistance found = distribution_distance({{-3, 10}, {4, 20}}, {{-3, 1}, {4, 2}});
  EXPECT_NEAR(found.kolmogorov, 0, 1e-15);
  EXPECT_NEAR(found.wasserstein, 0, 1e-14);
  EXPECT_EQ(kolmogorov_p(0, 30, 3), 1);
}

TEST(DistributionDistance, IsTheShiftWhenOneIsMoved) {
  EXPECT_EQ(distribution_distance({{0, 7}}, {{5, 9}}).wasserstein, 5);
  EXPECT_EQ(distribution_distance({{0, 7}}, {{5, 9}}).kolmogorov, 1);
}

TEST(KolmogorovP, PassesSmoothlyFromCountingToTheLimit) {
  EXPECT_NEAR(kolmogorov_p(0.06, 1000, 1000), kolmogorov_p(0.06, 1001, 1001), 0.004);
  EXPECT_NEAR(kolmogorov_p(0.001, 100'000, 100'000), 1, 1e-6);
}

TEST(MergedHistogram, StandSideBySideInOrder) {
  const std::vector<MergedBin> merged = merged_histogram({{1, 2}, {5, 1}}, {{-4, 3}, {5, 6}, {9, 1}});
  ASSERT_EQ(merged.size(), 4u);
  EXPECT_EQ(merged[0].value, -4);
  EXPECT_EQ(merged[0].baseline, 0u);
  EXPECT_EQ(merged[2].value, 5);
  EXPECT_EQ(merged[2].baseline, 1u);
  EXPECT_EQ(merged[2].candidate, 6u);
  EXPECT_EQ(total({{1, 2}, {5, 1}}), 3u);
}

}  // namespace
}  // namespace tinyhil::stats
