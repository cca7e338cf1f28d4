// SPDX-License-Identifier: Apache-2.0
// Against 4,000 campaigns simulated in Python, margin 1 %, models that disagree on 3 % of the vectors (or on
// half a point more than the difference), alpha 5 %.
#include "operating_characteristic.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace tinyhil::gate {
namespace {

constexpr double kDesignMargin = 0.01;
constexpr double kAlpha = 0.05;
constexpr std::uint64_t kSimulatedRuns = 1500;
constexpr std::uint64_t kSeed = 20'261'123;

std::vector<std::uint64_t> after_every_vector(std::uint64_t last) {
  std::vector<std::uint64_t> looks(last);
  std::iota(looks.begin(), looks.end(), std::uint64_t{1});
  return looks;
}

struct Expected {
  double difference;
  double pass, fail;
  double vectors;
};

double share(std::uint64_t count, const Characteristic& of) {
  return static_cast<double>(count) / static_cast<double>(of.runs);
}

void expect_like(const Design& design, const Expected& expected) {
  const Characteristic is =
      characteristic(design, truth_at(expected.difference, 0.03), kSimulatedRuns, kSeed);
  EXPECT_NEAR(share(is.passed, is), expected.pass, 0.035) << expected.difference;
  EXPECT_NEAR(share(is.failed, is), expected.fail, 0.035) << expected.difference;
  EXPECT_NEAR(is.mean_vectors, expected.vectors, 0.1 * expected.vectors) << expected.difference;
}

TEST(Characteristic, OfTheEProcessIsThePublishedOne) {
  const Design design{kDesignMargin, kAlpha, StopRule::e_process, Claim::unseen, after_every_vector(5140)};
  for (const Expected& expected :
       {Expected{0.01, 1, 0, 581}, Expected{0.005, 1, 0, 979}, Expected{0, 0.944, 0, 2072},
        Expected{-0.005, 0.405, 0.004, 4013}, Expected{-0.01, 0.035, 0.040, 4869},
        Expected{-0.02, 0.001, 0.975, 1788}, Expected{-0.03, 0, 1, 539}, Expected{-0.05, 0, 1, 230},
        Expected{-0.1, 0, 1, 93}}) {
    expect_like(design, expected);
  }
}

TEST(Characteristic, OfAFixedSizeIsThePublishedOne) {
  const Design design = fixed_design(kDesignMargin, kAlpha, 2570);
  for (const auto& [difference, pass] :
       {std::pair{0.01, 1.0}, {0.005, 0.997}, {0.0, 0.891}, {-0.005, 0.425}, {-0.01, 0.049}, {-0.02, 0.0}}) {
    const Characteristic is = characteristic(design, truth_at(difference, 0.03), kSimulatedRuns, kSeed);
    EXPECT_NEAR(share(is.passed, is), pass, 0.035) << difference;
    EXPECT_EQ(is.mean_vectors, 2570);
  }
}

TEST(Characteristic, OfTheRatioTestIsThePublishedOne) {
  Design design{kDesignMargin, kAlpha, StopRule::sprt, Claim::unseen, after_every_vector(20'000)};
  design.expected_discordance = 0.03;
  expect_like(design, {0.01, 1, 0, 581});
  expect_like(design, {0, 0.908, 0.092, 1464});
  expect_like(design, {-0.01, 0.040, 0.960, 1259});
}

// The claim is about the set at hand, so it is decided sooner, and always by its last vector.
TEST(Characteristic, OfAFiniteSetIsThePublishedOne) {
  const auto mean = [](double difference, std::uint64_t size, std::uint64_t runs) {
    const Design design{kDesignMargin, kAlpha, StopRule::e_process, Claim::this_set,
                        after_every_vector(size)};
    const Characteristic is = characteristic(design, truth_at(difference, 0.03), runs, kSeed);
    EXPECT_EQ(is.undecided(), 0u);
    return is.mean_vectors;
  };
  EXPECT_NEAR(mean(0, 2570, 500), 1086, 109);
  EXPECT_NEAR(mean(-0.02, 2570, 500), 1110, 111);
  EXPECT_NEAR(mean(-0.03, 2570, 500), 495, 50);
  EXPECT_NEAR(mean(0, 10'000, 300), 1654, 165);
}

// With a look after each vector, thousands of campaigns exactly at the margin: the promise of Ville's
// inequality.
TEST(Characteristic, PassesAtTheMarginNoMoreOftenThanAlpha) {
  for (const double discordance : {0.015, 0.03, 0.1}) {
    const Design design{kDesignMargin, kAlpha, StopRule::e_process, Claim::unseen, after_every_vector(5140)};
    const Characteristic is = characteristic(design, {-kDesignMargin, discordance}, 4000, kSeed);
    EXPECT_LE(share(is.passed, is), kAlpha) << discordance;
    EXPECT_LE(share(is.failed, is), kAlpha + 0.01) << discordance;
  }
}

// With levels that only add up to alpha, 2.7 % would pass at the margin and 82 % of equal ones.
TEST(Characteristic, OfPlannedLooksKeepsTheLevelAndNearlyThePowerOfOne) {
  constexpr double kThreeDeviations = 0.0046;  // of 5 % in 20,000
  sampling::Sampling sampling;
  sampling.stop = StopRule::group_sequential;
  const Design planned = design_of(sampling, kDesignMargin, kAlpha, 2570);
  for (const double discordance : {0.015, 0.03, 0.1}) {
    const Characteristic is = characteristic(planned, {-kDesignMargin, discordance}, 20'000, kSeed);
    EXPECT_LE(share(is.passed, is), kAlpha + kThreeDeviations) << discordance;
    EXPECT_GE(share(is.passed, is), kAlpha - 0.015) << discordance;
    EXPECT_LE(share(is.failed, is), kAlpha + kThreeDeviations) << discordance;
  }
  const Characteristic equal = characteristic(planned, {0, 0.03}, 4000, kSeed);
  EXPECT_GE(share(equal.passed, equal), 0.85);
  EXPECT_LT(equal.mean_vectors, 0.9 * 2570);
}

// Why a test made for one look must not be looked at again and again.
TEST(Characteristic, OfAFixedTestThatIsPeekedAtIsAsBadAsPublished) {
  const auto false_passes = [](std::uint64_t every) {
    Design design = fixed_design(kDesignMargin, kAlpha, 2570);
    design.looks.clear();
    for (std::uint64_t look = every; look < 2570; look += every) design.looks.push_back(look);
    design.looks.push_back(2570);
    const Characteristic is = characteristic(design, {-kDesignMargin, 0.03}, 4000, kSeed);
    return share(is.passed, is);
  };
  EXPECT_NEAR(false_passes(2570), 0.045, 0.010);
  EXPECT_GT(false_passes(500), 0.10);
  EXPECT_GT(false_passes(10), 0.20);
}

TEST(Characteristic, LooksAtEveryLookThatTheDesignHas) {
  Design design{kDesignMargin, kAlpha, StopRule::e_process, Claim::unseen, {100, 300, 900, 2700}};
  const Characteristic is = characteristic(design, truth_at(0.01, 0.03), 200, kSeed);
  const double mean = is.mean_vectors;
  EXPECT_GT(mean, 300);
  EXPECT_LT(mean, 2700);
  EXPECT_TRUE(is.upper_decile == 900 || is.upper_decile == 2700);
}

TEST(Characteristic, IsTheSameForTheSameSeed) {
  const Design design{kDesignMargin, kAlpha, StopRule::e_process, Claim::unseen, after_every_vector(1000)};
  const auto run = [&](std::uint64_t seed) {
    return characteristic(design, {0, 0.03}, 100, seed).mean_vectors;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST(Characteristic, OfModelsThatNeverDisagreeIsAPass) {
  const Design design = fixed_design(kDesignMargin, kAlpha, 299);
  EXPECT_EQ(characteristic(design, {0, 0}, 10, kSeed).passed, 10u);
  EXPECT_EQ(characteristic(fixed_design(kDesignMargin, kAlpha, 298), {0, 0}, 10, kSeed).passed, 0u);
}

TEST(Characteristic, OfForeseenDisagreementsIsThoseAndFewOthers) {
  sampling::Sampling sampling;
  sampling.order = DrawOrder::disagreement_first;
  sampling.claim = Claim::this_set;
  const Design design = design_of(sampling, kDesignMargin, kAlpha, 50'000);
  const Characteristic equal = characteristic(design, truth_at(0, 0.03), 3, kSeed);
  EXPECT_EQ(equal.passed, 3u);
  EXPECT_NEAR(equal.mean_vectors, 1500 + 320, 40);
  const Characteristic worse = characteristic(design, truth_at(-0.03, 0.04), 3, kSeed);
  EXPECT_EQ(worse.failed, 3u);
  EXPECT_LT(worse.mean_vectors, 2300);
  EXPECT_EQ(characteristic(design, truth_at(-kDesignMargin, 0.03), 3, kSeed).passed, 0u);
}

TEST(TruthAt, HasRoomForItsDifference) {
  EXPECT_DOUBLE_EQ(truth_at(-0.1, 0.03).discordance, 0.105);
  EXPECT_DOUBLE_EQ(truth_at(0.01, 0.03).discordance, 0.03);
  EXPECT_DOUBLE_EQ(truth_at(-0.01, 0.03).lost(), 0.02);
  EXPECT_LE(truth_at(-1, 0.03).discordance, 1);
}

}  // namespace
}  // namespace tinyhil::gate
