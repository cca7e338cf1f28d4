// SPDX-License-Identifier: Apache-2.0
#include "seeded_random.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

namespace tinyhil::stats {
namespace {

TEST(SeededRandom, GivesTheSameNumbersForTheSameSeed) {
  SeededRandom one(7), same(7), other(8);
  const double first = one.uniform();
  EXPECT_EQ(first, same.uniform());
  EXPECT_NE(first, other.uniform());
  EXPECT_EQ(one.binomial(1000, 0.3), same.binomial(1000, 0.3));
}

TEST(SeededRandom, StaysInsideItsRange) {
  SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    const double u = random.uniform();
    EXPECT_TRUE(u > 0 && u < 1);
    EXPECT_LT(random.below(3), 3u);
    EXPECT_LE(random.binomial(12, 0.99), 12u);
  }
}

TEST(SeededRandom, KnowsTheCertainBinomials) {
  SeededRandom random(1);
  EXPECT_EQ(random.binomial(0, 0.5), 0u);
  EXPECT_EQ(random.binomial(9, 0), 0u);
  EXPECT_EQ(random.binomial(9, 1), 9u);
  EXPECT_EQ(random.binomial(1'000'000, 1), 1'000'000u);
}

// Chi-square of 20 000 draws over cells of equal expected size.
double chi_square_per_cell(std::uint64_t n, double p) {
  constexpr int kDraws = 20'000, kCells = 20;
  const boost::math::binomial_distribution<double> truth(static_cast<double>(n), p);
  std::vector<double> seen(kCells), expected(kCells);
  const auto cell = [&](double k) {
    return std::min(kCells - 1, static_cast<int>(boost::math::cdf(truth, k) * kCells));
  };
  for (std::uint64_t k = 0; k <= n; ++k) {
    expected[cell(static_cast<double>(k))] += kDraws * boost::math::pdf(truth, static_cast<double>(k));
  }
  SeededRandom random(3);
  for (int i = 0; i < kDraws; ++i) ++seen[cell(static_cast<double>(random.binomial(n, p)))];
  double sum = 0, cells = 0;
  for (int i = 0; i < kCells; ++i) {
    if (expected[i] < 5) continue;
    sum += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
    ++cells;
  }
  return sum / cells;
}

TEST(SeededRandom, DrawsBinomialsWithTheirProbabilities) {
  for (const double p : {0.004, 0.03, 0.3, 0.5, 0.9}) EXPECT_LT(chi_square_per_cell(1000, p), 2.2) << p;
  EXPECT_LT(chi_square_per_cell(25, 0.2), 2.2);
  EXPECT_LT(chi_square_per_cell(25, 0.45), 2.2);
}

}  // namespace
}  // namespace tinyhil::stats
