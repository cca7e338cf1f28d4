// SPDX-License-Identifier: Apache-2.0
#include "e_process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kAlpha = 0.05;

TEST(Betting, EqualsTheReferenceOf245Vectors) {
  const EValues e = Betting(0.01).of({1, 3, 245});  // stakes 1/6, 1/3, 2/3
  EXPECT_NEAR(std::exp(e.log_pass), 4.4861054719, 1e-9);
  EXPECT_NEAR(std::exp(e.log_fail), 0.2111580264, 1e-9);
}

// Bet vector by vector, as the definition has it.
double log_of_bets(const std::vector<double>& differences, double margin, std::array<double, 3> stakes) {
  double mean = 0;
  for (const double stake : stakes) {
    double wealth = 1;
    for (const double difference : differences) wealth *= 1 + stake * (difference + margin);
    mean += wealth / 3;
  }
  return std::log(mean);
}

TEST(Betting, OfTheCountsOfShardsIsThatOfTheWhole) {
  const double margin = 0.02;
  SeededRandom random(20261123);
  std::vector<double> differences;
  std::array<Pairs, 3> shards{};
  Pairs whole;
  for (int i = 0; i < 600; ++i) {
    const double draw = random.uniform();
    differences.push_back(draw < 0.02 ? -1 : draw < 0.05 ? 1 : 0);
    for (Pairs* pairs : {&shards[static_cast<std::size_t>(random.uniform() * 3)], &whole}) {
      pairs->n += 1;
      pairs->lost += differences.back() == -1 ? 1 : 0;
      pairs->gained += differences.back() == 1 ? 1 : 0;
    }
  }
  Pairs merged;
  for (const Pairs& shard : shards)
    merged = {merged.lost + shard.lost, merged.gained + shard.gained, merged.n + shard.n};
  const Betting betting(margin);
  EXPECT_EQ(betting.of(merged).log_pass, betting.of(whole).log_pass);
  EXPECT_EQ(betting.of(merged).log_fail, betting.of(whole).log_fail);
  EXPECT_NEAR(betting.of(whole).log_pass, log_of_bets(differences, margin, {1.0 / 6, 1.0 / 3, 2.0 / 3}),
              1e-10);
  EXPECT_NEAR(betting.of(whole).log_fail, log_of_bets(differences, margin, {-1.0 / 6, -1.0 / 3, -2.0 / 3}),
              1e-10);
}

TEST(Betting, WithoutPairsNothingIsKnown) {
  const EValues e = Betting(0.01).of({0, 0, 0});
  EXPECT_EQ(e.log_pass, 0);
  EXPECT_EQ(e.log_fail, 0);
  const Interval all = Betting(0.01).confidence_sequence({0, 0, 0}, kAlpha);
  EXPECT_EQ(all.low, -1);
  EXPECT_EQ(all.high, 1);
}

TEST(Betting, StaysFiniteOverTenMillionVectors) {
  const EValues better = Betting(0.01).of({1e5, 1e5, 1e7});
  EXPECT_TRUE(std::isfinite(better.log_pass) && std::isfinite(better.log_fail));
  EXPECT_GT(better.log_pass, 1e3);
  const EValues worse = Betting(0.01).of({4e5, 1e5, 1e7});
  EXPECT_GT(worse.log_fail, 1e3);
  EXPECT_LT(worse.log_pass, -1e3);
}

TEST(Betting, ItsIntervalAgreesWithItsDecision) {
  const Betting betting(0.02);
  for (const Pairs& pairs : {Pairs{0, 0, 295}, Pairs{0, 0, 296}, Pairs{5, 3, 600}, Pairs{60, 1, 600}}) {
    const Interval interval = betting.confidence_sequence(pairs, kAlpha);
    const EValues e = betting.of(pairs);
    EXPECT_EQ(interval.low > -0.02, is_evidence(e.log_pass, kAlpha)) << pairs.n;
    EXPECT_EQ(interval.high < -0.02, is_evidence(e.log_fail, kAlpha)) << pairs.n;
    EXPECT_LE(interval.low, pairs.difference());
    EXPECT_GE(interval.high, pairs.difference());
  }
}

TEST(Betting, SaysHowManyMoreVectorsWouldDecide) {
  const Betting betting(0.02);
  EXPECT_EQ(betting.more_vectors({0, 0, 100}, kAlpha), 196u) << "296 without a disagreement";
  EXPECT_EQ(betting.more_vectors({0, 0, 300}, kAlpha), 0u);
  const auto more = betting.more_vectors({4, 4, 300}, kAlpha);
  ASSERT_TRUE(more.has_value());
  const double factor = (300.0 + static_cast<double>(*more)) / 300;
  EXPECT_TRUE(is_evidence(betting.of(Pairs{4, 4, 300}.scaled(factor)).log_pass, kAlpha));
  EXPECT_FALSE(betting.more_vectors({12, 6, 300}, kAlpha).has_value()) << "at the margin";
  EXPECT_FALSE(betting.more_vectors({0, 0, 0}, kAlpha).has_value());
}

TEST(Betting, OneSideIsTheOtherWithTheModelsExchanged) {
  const Interval interval = Betting(0.02).confidence_sequence({9, 4, 500}, kAlpha);
  const Interval exchanged = Betting(0.02).confidence_sequence({4, 9, 500}, kAlpha);
  EXPECT_DOUBLE_EQ(interval.low, -exchanged.high);
  EXPECT_DOUBLE_EQ(interval.high, -exchanged.low);
}

// Looks after every vector, 4,000 campaigns of up to 3,000 vectors at a true difference of exactly -margin.
TEST(Betting, PassesAtTheMarginInAtMostAlphaOfCampaignsWithContinuousLooking) {
  const double margin = 0.02, psi = 0.06;
  std::mt19937_64 chance(20261123);
  std::uniform_real_distribution<double> uniform;
  const Betting betting(margin);
  const int campaigns = 4000;
  int passed = 0, failed = 0;
  for (int i = 0; i < campaigns; ++i) {
    Pairs pairs;
    bool pass = false, fail = false;
    while (pairs.n < 3000 && !pass && !fail) {
      const double draw = uniform(chance);
      pairs.n += 1;
      pairs.lost += draw < (psi + margin) / 2 ? 1 : 0;
      pairs.gained += draw >= (psi + margin) / 2 && draw < psi ? 1 : 0;
      const bool settled = draw < psi || static_cast<int>(pairs.n) % 16 == 0;  // between them it moves little
      if (!settled) continue;
      const EValues e = betting.of(pairs);
      pass = is_evidence(e.log_pass, kAlpha);
      fail = is_evidence(e.log_fail, kAlpha);
    }
    passed += pass ? 1 : 0;
    failed += fail ? 1 : 0;
  }
  EXPECT_LE(passed, kAlpha * campaigns);
  EXPECT_LE(failed, kAlpha * campaigns);
  EXPECT_GT(passed, 0.01 * campaigns) << "not so careful that it never says anything";
}

struct MissesAtAnyLook {
  double above = 0, below = 0;  // share of campaigns in which a bound ever missed the truth on that side
};

MissesAtAnyLook misses_at_any_look(const Betting& betting, double lost, double gained, std::uint64_t seed) {
  constexpr int kCampaigns = 1000;
  SeededRandom random(seed);
  MissesAtAnyLook misses;
  for (int i = 0; i < kCampaigns; ++i) {
    Pairs seen;
    bool above = false, below = false;
    for (std::uint64_t look = 32; look < 10'000; look += look / 4) {
      const std::uint64_t more = look - static_cast<std::uint64_t>(seen.n);
      const std::uint64_t more_lost = random.binomial(more, lost);
      seen.lost += static_cast<double>(more_lost);
      seen.gained += static_cast<double>(random.binomial(more - more_lost, gained / (1 - lost)));
      seen.n = static_cast<double>(look);
      const Interval interval = betting.confidence_sequence(seen, kAlpha);
      above = above || interval.high < gained - lost;
      below = below || interval.low > gained - lost;
    }
    misses.above += above ? 1.0 / kCampaigns : 0;
    misses.below += below ? 1.0 / kCampaigns : 0;
  }
  return misses;
}

// At the margin of 1 %, without a difference, far below, and with more disagreements than the bets expect.
TEST(Betting, ItsConfidenceSequenceHoldsTheTruthAtAllLooksTogether) {
  constexpr double kThreeDeviations = 0.0207;  // of 5 % in 1,000
  std::uint64_t seed = 21;
  for (const auto& [lost, gained] : {std::pair{0.02, 0.01}, {0.01, 0.01}, {0.08, 0.03}, {0.1, 0.1}}) {
    const MissesAtAnyLook misses = misses_at_any_look(Betting(0.01), lost, gained, seed++);
    EXPECT_LE(misses.above, kAlpha + kThreeDeviations) << lost;
    EXPECT_LE(misses.below, kAlpha + kThreeDeviations) << lost;
    EXPECT_GT(misses.above + misses.below, 0.01) << lost << ": not so wide that it says nothing";
  }
}

TEST(Betting, TakesFractionsOfCountsForNoMoreEvidenceThanThereIs) {
  std::mt19937_64 chance(20261129);
  std::uniform_real_distribution<double> difference(-0.3, 0.5);
  std::vector<double> differences;
  Pairs pairs;
  for (int i = 0; i < 300; ++i) {
    differences.push_back(difference(chance));
    (differences.back() < 0 ? pairs.lost : pairs.gained) += std::abs(differences.back());
    pairs.n += 1;
    const double exact = log_of_bets(differences, 0.05, {1.0 / 6, 1.0 / 3, 2.0 / 3});  // psi0: 3 margins
    ASSERT_LE(Betting(0.05).of(pairs).log_pass, exact + 1e-9) << i;
  }
  EXPECT_GT(Betting(0.05).of(pairs).log_pass, 3) << "not so little that it says nothing";
}

std::vector<double> a_set(std::size_t size, int lost, int gained) {
  std::vector<double> set(size, 0);
  std::fill_n(set.begin(), lost, -1);
  std::fill_n(set.begin() + lost, gained, 1);
  return set;
}

struct Ended {
  double mean_drawn = 0;
  int passed = 0, failed = 0;
};

Ended draw_until_decided(std::vector<double> set, double margin, int campaigns) {
  std::mt19937_64 chance(20261123);
  Ended ended;
  for (int i = 0; i < campaigns; ++i) {
    std::shuffle(set.begin(), set.end(), chance);
    FiniteBetting betting(Betting(margin), set.size());
    for (std::size_t drawn = 0; drawn < set.size(); ++drawn) {
      betting.add(set[drawn]);
      const EValues e = betting.values();
      const bool pass = is_evidence(e.log_pass, kAlpha), fail = is_evidence(e.log_fail, kAlpha);
      if (!pass && !fail) continue;
      ended.passed += pass ? 1 : 0;
      ended.failed += fail ? 1 : 0;
      ended.mean_drawn += static_cast<double>(drawn + 1) / campaigns;
      break;
    }
  }
  return ended;
}

// Sets of 2,570, margin 1 %, 3 % disagreement: 1,086 vectors on average instead of 2,570 when nothing
// changed, 1,110 at -2 %, 495 at -3 %.
TEST(FiniteBetting, StopsAtThePublishedSizes) {
  EXPECT_NEAR(draw_until_decided(a_set(2570, 39, 38), 0.01, 400).mean_drawn, 1086, 109);
  EXPECT_NEAR(draw_until_decided(a_set(2570, 64, 13), 0.01, 400).mean_drawn, 1110, 111);
  EXPECT_NEAR(draw_until_decided(a_set(2570, 84, 7), 0.01, 400).mean_drawn, 495, 50);
}

TEST(FiniteBetting, IsSureAtTheLastVectorWhateverTheGamblersHave) {
  for (const int lost : {20, 29, 31, 40, 60}) {  // 30 is the margin itself
    const Ended ended = draw_until_decided(a_set(1000, lost, 10), 0.02, 50);
    EXPECT_EQ(ended.passed + ended.failed, 50) << lost;
  }
}

TEST(FiniteBetting, IsWrongAboutASetAtTheMarginInAtMostAlpha) {
  const Ended at_margin =
      draw_until_decided(a_set(1000, 41, 20), 0.02, 2000);  // one vector worse than the margin
  EXPECT_LE(at_margin.passed, kAlpha * 2000);
}

TEST(FiniteBetting, ItsBoundsHoldTheTruthAtAllTimesTogether) {
  constexpr int kCampaigns = 1000;
  constexpr double kThreeDeviations = 0.0207;  // of 5 % in 1,000
  std::vector<double> set = a_set(300, 15, 6);
  std::mt19937_64 chance(20261123);
  int above = 0, below = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    std::shuffle(set.begin(), set.end(), chance);
    bool missed_above = false, missed_below = false;
    for (const std::ptrdiff_t drawn : {30, 60, 120, 200, 260, 290}) {
      const std::vector<double> differences(set.begin(), set.begin() + drawn);
      const Interval bounds = finite_bounds(Betting(0.05), {differences, 300}, kAlpha);
      missed_above = missed_above || bounds.high < -0.03;
      missed_below = missed_below || bounds.low > -0.03;
    }
    above += missed_above ? 1 : 0;
    below += missed_below ? 1 : 0;
  }
  EXPECT_LE(above, (kAlpha + kThreeDeviations) * kCampaigns);
  EXPECT_LE(below, (kAlpha + kThreeDeviations) * kCampaigns);
  EXPECT_GT(above + below, 0) << "not so wide that it says nothing";
}

TEST(FiniteBetting, ItsBoundsCloseOnTheTruthWithTheLastVector) {
  const Interval whole = finite_bounds(Betting(0.05), {a_set(600, 30, 12), 600}, kAlpha);
  EXPECT_NEAR(whole.low, -0.03, 1e-5);
  EXPECT_NEAR(whole.high, -0.03, 1e-5);
}

TEST(FiniteBetting, StopsAsSoonAsTheRestCannotChangeIt) {
  FiniteBetting betting(Betting(0.1), 10);
  betting.add(-1);
  betting.add(-1);
  EXPECT_FALSE(is_evidence(betting.values().log_fail, kAlpha));
  for (int i = 0; i < 7; ++i) betting.add(0);
  EXPECT_FALSE(is_evidence(betting.values().log_fail, 1e-9))
      << "one more right answer makes it the margin itself";
  betting.add(0);
  EXPECT_TRUE(is_evidence(betting.values().log_fail, 1e-9));
}

}  // namespace
}  // namespace tinyhil::stats
