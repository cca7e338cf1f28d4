// SPDX-License-Identifier: Apache-2.0
#include "control.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "stats/seeded_random.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

using Changes = std::vector<std::int64_t>;

// Every output equal, on a clock of 1 MHz: a tick is a microsecond.
ControlScore control_of(Changes changes) {
  ControlScore score;
  score.n = changes.size();
  score.tick_change = std::move(changes);
  score.clock_hz = 1'000'000;
  return score;
}

double p_of(Changes changes) {
  const std::optional<ControlLatency> latency = control_latency(control_of(std::move(changes)));
  return latency && latency->p ? *latency->p : -1;
}

TEST(Control, FindsNothingWhenBothRunsAreEqual) {
  const ControlScore score = control_of(Changes(64, 0));
  EXPECT_FALSE(control_obstacle(score));
  EXPECT_EQ(control_words(score),
            "A/A control: 64 vectors run twice by the baseline, outputs equal, latency shift 0 us");
}

TEST(Control, SaysThatNoneWasRun) { EXPECT_EQ(control_words({}), "A/A control: none was run"); }

TEST(Control, SaysThatNothingWasAnswered) {
  EXPECT_EQ(control_words(control_of({})), "A/A control: run, but no vector was answered");
  EXPECT_FALSE(control_obstacle(control_of({})));
}

TEST(Control, RefusesABenchThatGivesAnotherOutput) {
  ControlScore score = control_of(Changes(64, 0));
  score.differing = 2;
  score.first_unequal = 17;
  const std::optional<Obstacle> found = control_obstacle(score);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, Outcome::error);
  EXPECT_THAT(found->reason, HasSubstr("the A/A control failed: the baseline gave another output on 2 of 64 "
                                       "vectors when it was run again, first on vector 17; look for"));
  EXPECT_THAT(control_words(score), HasSubstr("outputs differ on 2, latency shift 0 us"));
}

TEST(Control, RefusesABenchThatAnswersOnlyOneOfTwoTimes) {
  ControlScore score = control_of(Changes(62, 0));
  score.answered_once = 2;
  score.first_unequal = 5;
  EXPECT_THAT(
      control_obstacle(score)->reason,
      HasSubstr("the baseline answered 2 vectors only one of two times when it was run again, first on "
                "vector 5"));
  EXPECT_THAT(control_words(score), HasSubstr("64 vectors run twice by the baseline, outputs equal, 2 "
                                              "answered only once"));
}

TEST(Control, RefusesALatencyThatMovedAlike) {
  const std::optional<Obstacle> found = control_obstacle(control_of(Changes(64, 3)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, Outcome::error);
  EXPECT_THAT(found->reason, HasSubstr("the baseline was 3 us slower when it was run again (paired over 64 "
                                       "vectors, p 1.1e-19); let the board warm up"));
  EXPECT_THAT(control_obstacle(control_of(Changes(200, -3)))->reason, HasSubstr("3 us faster"));
}

TEST(Control, HasThePValueOfTheExactTest) {
  // scipy.stats.wilcoxon(method="exact")
  EXPECT_DOUBLE_EQ(p_of({6, 1, 11, 3, 9, 5, 8, 2, 10, 4, 7}), 2.0 / 2048);
  EXPECT_DOUBLE_EQ(p_of({12, -5, 3, 8, 1, 10, 7, 2, 11, 4, 9, 6}), 20.0 / 4096);
}

TEST(Control, NeedsMoreThanTheLevelToRefuse) {
  EXPECT_FALSE(control_obstacle(control_of(Changes(10, 3))));  // 2 / 2^10 is above 0.1 %
  EXPECT_TRUE(control_obstacle(control_of(Changes(11, 3))));   // 2 / 2^11 is below
}

TEST(Control, DoesNotTestFewerThanTenThatMoved) {
  Changes changes(55, 0);
  changes.insert(changes.end(), 9, 4);
  EXPECT_FALSE(control_obstacle(control_of(changes)));
  EXPECT_THAT(control_words(control_of(changes)),
              HasSubstr("latency shift 0 us, too few changed to test (9)"));
}

TEST(Control, LetsAShiftBelowATickPass) {
  Changes changes;
  for (int i = 0; i < 140; ++i) changes.push_back(i % 3 == 0 ? 1 : 0);
  EXPECT_LT(p_of(changes), 0.001);
  EXPECT_FALSE(control_obstacle(control_of(changes)));
}

TEST(Control, TakesATrendOfNeighboursForWhatItIs) {
  // As independent values these are significant; one slow wave over the run is not.
  Changes wave;
  for (int i = 0; i < 64; ++i) wave.push_back(std::llround(30 + 60 * std::sin(i * 0.1)));
  EXPECT_FALSE(control_obstacle(control_of(wave)));
}

TEST(Control, LeavesOutTicksThatAreNoLatency) {
  ControlScore score = control_of({});
  score.n = 64;
  score.unlike_ticks = "throughput mode: transfer and inference overlap";
  EXPECT_FALSE(control_obstacle(score));
  EXPECT_EQ(control_words(score),
            "A/A control: 64 vectors run twice by the baseline, outputs equal, latency not compared "
            "(throughput mode: transfer and inference overlap)");
}

// The share of refused benches among `controls` of 64 vectors, of which nothing but the noise differs.
double refused(int controls, std::uint64_t seed, const std::function<double(stats::SeededRandom&)>& change) {
  stats::SeededRandom random(seed);
  int count = 0;
  for (int i = 0; i < controls; ++i) {
    Changes changes;
    for (int vector = 0; vector < 64; ++vector) changes.push_back(std::llround(change(random)));
    count += control_obstacle(control_of(std::move(changes))) ? 1 : 0;
  }
  return static_cast<double>(count) / controls;
}

double ar1(stats::SeededRandom& random, double rho, double& last) {
  last = rho * last + std::sqrt(1 - rho * rho) * random.normal();
  return last;
}

constexpr int kControls = 3000;
constexpr double kTolerated = 0.003;

TEST(Control, RefusesASoundBenchInThreeOfAThousandAtMost) {
  EXPECT_LE(refused(kControls, 1, [](stats::SeededRandom& random) { return 100 * random.normal(); }),
            kTolerated);
}

TEST(Control, RefusesNoMoreForNoiseWithFarOutliers) {
  const auto cauchy = [](stats::SeededRandom& random) {
    return 100 * std::tan(std::acos(-1) * (random.uniform() - 0.5));
  };
  EXPECT_LE(refused(kControls, 2, cauchy), kTolerated);
}

TEST(Control, RefusesNoMoreForFewDistinctTicks) {
  const auto jitter = [](stats::SeededRandom& random) { return random.uniform() < 0.5 ? -3.0 : 3.0; };
  EXPECT_LE(refused(kControls, 3, jitter), kTolerated);
  EXPECT_LE(refused(kControls, 4, [](stats::SeededRandom& random) { return 2 * random.normal(); }),
            kTolerated);
}

TEST(Control, RefusesHardlyMoreWhereNeighboursHangTogether) {
  double last = 0;
  EXPECT_LE(refused(kControls, 5, [&](stats::SeededRandom& random) { return 100 * ar1(random, 0.3, last); }),
            0.005);
  EXPECT_LE(refused(kControls, 6, [&](stats::SeededRandom& random) { return 100 * ar1(random, 0.9, last); }),
            0.02);
}

TEST(Control, FindsADriftAsLargeAsTheNoise) {
  EXPECT_GE(refused(1000, 7, [](stats::SeededRandom& random) { return 100 * (1 + random.normal()); }), 0.95);
}

}  // namespace
}  // namespace tinyhil::gate
