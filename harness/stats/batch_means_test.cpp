// SPDX-License-Identifier: Apache-2.0
#include "batch_means.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

std::vector<float> autoregressive(std::size_t n, double rho, SeededRandom& random) {
  std::vector<float> series(n);
  double state = random.normal() / std::sqrt(1 - rho * rho);
  for (float& sample : series) {
    state = rho * state + random.normal();
    sample = static_cast<float>(state);
  }
  return series;
}

TEST(BatchMeans, KnowHowLittleNeighboursThatDependOnEachOtherTell) {
  SeededRandom random(5);
  constexpr double kRho = 0.95;
  constexpr std::size_t kLength = 20'000;
  double mean_variance = 0;
  for (int i = 0; i < 40; ++i) {
    BatchMeans batches(kLength, batches_for(0));
    batches.add(autoregressive(kLength, kRho, random));
    mean_variance += std::pow(batches.result().standard, 2) / 40;
  }
  const double truth = 1 / ((1 - kRho) * (1 - kRho)) / kLength;  // of the mean of an AR(1)
  EXPECT_GT(mean_variance, truth * 0.8);
  EXPECT_LT(mean_variance, truth * 1.6);
}

TEST(BatchMeans, AreTheSameInPieces) {
  SeededRandom random(6);
  const std::vector<float> series = autoregressive(1003, 0.5, random);
  BatchMeans whole(1003, 20), pieces(1003, 20);
  whole.add(series);
  const std::span<const float> all(series);
  for (std::size_t at = 0; at < all.size(); at += 7)
    pieces.add(all.subspan(at, std::min<std::size_t>(7, all.size() - at)));
  EXPECT_NEAR(whole.result().mean, pieces.result().mean, 1e-12);
  EXPECT_NEAR(whole.result().standard, pieces.result().standard, 1e-12);
  EXPECT_EQ(whole.result().degrees, 19);
}

TEST(BatchMeans, LeaveTheRepetitionItselfOut) {
  std::vector<float> series(4000);  // 40 inferences of 100 samples
  for (std::size_t i = 0; i < series.size(); ++i) series[i] = i % 100 < 30 ? 5.0F : 1.0F;
  BatchMeans batches(series.size(), batches_for(40));
  batches.add(series);
  EXPECT_NEAR(batches.result().standard, 0, 1e-12);
  EXPECT_NEAR(batches.result().mean, 2.2, 1e-9);
}

TEST(BatchMeans, DoNotCountWhatIsMissing) {
  std::vector<float> series(100, 2.0F);
  for (std::size_t i = 0; i < 50; ++i) series[i] = std::numeric_limits<float>::quiet_NaN();
  BatchMeans batches(100, 10);
  batches.add(series);
  EXPECT_EQ(batches.result().mean, 2);
  EXPECT_EQ(batches.result().degrees, 4);
}

TEST(BatchMeans, SkipWhatIsMissing) {
  BatchMeans batches(100, 10);
  batches.add(std::vector<float>(25, 2.0F));
  batches.skip(1'000'000);
  batches.add(std::vector<float>(25, 3.0F));
  EXPECT_EQ(batches.result().mean, 2);
}

TEST(BatchMeans, SayThatTheyKnowNothingOfTooFew) {
  BatchMeans batches(100, 2);
  batches.add(std::vector<float>(100, 1.0F));
  EXPECT_EQ(batches.result().degrees, 0);
}

TEST(BatchesFor, DividesThePeriodsWhereItCan) {
  EXPECT_EQ(batches_for(1000), 50);
  EXPECT_EQ(batches_for(64), 64);
  EXPECT_EQ(batches_for(7), 20);
  EXPECT_EQ(batches_for(0), 20);
}

}  // namespace
}  // namespace tinyhil::stats
