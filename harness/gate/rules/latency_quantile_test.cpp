// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;
using testing::Not;

using Ticks = std::vector<std::uint32_t>;

// 1 MHz: a tick is a microsecond. Ticks first, first + 1, ... for `count` vectors.
Ticks rising(std::uint32_t first, std::uint32_t count) {
  Ticks ticks(count);
  for (std::uint32_t i = 0; i < count; ++i) ticks[i] = first + i;
  return ticks;
}

test::TestCase timed(Ticks candidate, Ticks baseline = {1}) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, candidate.size());
  made.baseline.drawn = baseline.size();
  made.candidate.latency.sorted = std::move(candidate);
  made.baseline.latency.sorted = std::move(baseline);
  return made;
}

Finding judged_quantile(const test::TestCase& made, const char* yaml) {
  return test::rule_of("latency_quantile", yaml)->judge(made.evidence());
}

TEST(LatencyQuantile, DoesNotJudgeThroughputMode) {
  test::TestCase made = timed(rising(1, 1000));
  made.candidate.info.mode = made.baseline.info.mode = RunMode::throughput;
  for (const char* yaml : {"{quantile: 0.99, limit: 20 ms}", "{quantile: 0.99, growth: 2 %}"}) {
    const Finding finding = judged_quantile(made, yaml);
    EXPECT_EQ(finding.outcome, Outcome::error);
    EXPECT_EQ(
        finding.reason,
        "latency of the candidate was measured in throughput mode, where transfer and inference overlap; "
        "run in measure mode");
    EXPECT_THAT(finding.checks.at(0).would_change, HasSubstr("in measure mode, by one clock of one board"));
  }
}

TEST(LatencyQuantile, DoesNotCompareTwoModes) {
  test::TestCase made = timed(rising(1, 1000), rising(1, 1000));
  made.baseline.info.mode = RunMode::throughput;
  const Finding finding = judged_quantile(made, "{quantile: 0.99, growth: 2 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_EQ(finding.reason,
            "the candidate ran in measure mode, the baseline in throughput mode: run both in measure mode");
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, limit: 20 ms}").outcome, Outcome::pass);
}

TEST(LatencyQuantile, DoesNotCompareALineThatReadsTheBoardsMemoryWithOneThatDoesNot) {
  test::TestCase made = timed(rising(1, 1000), rising(1, 1000));
  made.candidate.info.board.provenance = made.baseline.info.board.provenance = Provenance::real;
  made.candidate.info.polled = made.baseline.info.polled = true;
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 2 %}").outcome, Outcome::pass);
  made.baseline.info.polled = false;
  const Finding finding = judged_quantile(made, "{quantile: 0.99, growth: 2 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_EQ(
      finding.reason,
      "a debug probe read the board's memory while the candidate ran, which may cost it bus cycles, and not "
      "while the baseline did: measure both over one kind of line");
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, limit: 20 ms}").outcome, Outcome::pass)
      << "nothing is compared";
  made.candidate.info.board.provenance = made.baseline.info.board.provenance = Provenance::emulated;
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 2 %}").outcome, Outcome::pass);
}

TEST(LatencyQuantile, TakesAQuarantinedRowForASlowOne) {
  test::TestCase made = timed(rising(1, 1000));
  made.candidate.latency.sorted.resize(900);  // 100 of them gave no timing
  made.candidate.quarantined_inferences = 100;
  made.candidate.inferences = 900;
  const Finding finding = judged_quantile(made, "{quantile: 0.99, limit: 20 ms}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("100 timings not to be trusted count as slow"));
}

TEST(LatencyQuantile, PassesWhenTheRankBoundKeepsTheLimit) {
  const test::TestCase made = timed(rising(1, 1000));  // x_(996) is 996 us
  const Finding finding = judged_quantile(made, "{quantile: 0.99, limit: 0.996 ms}");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  const Check& check = finding.checks.at(0);
  EXPECT_EQ(check.subject, "p99");
  EXPECT_EQ(check.unit, Unit::milliseconds);
  EXPECT_EQ(check.n, 1000u);
  EXPECT_NEAR(*check.estimate, 0.990, 1e-12);
  EXPECT_NEAR(check.interval->high, 0.996, 1e-12);
  EXPECT_THAT(check.reason,
              HasSubstr("p99 is 0.99 ms (n = 1000, below 0.996 ms with 95 % confidence); at most "
                        "0.996 ms allowed"));
}

TEST(LatencyQuantile, IsUndecidedWhenOnlyTheObservedQuantileKeepsTheLimit) {
  const Finding finding = judged_quantile(timed(rising(1, 1000)), "{quantile: 0.99, limit: 0.995 ms}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.checks.at(0).more_vectors, 2392u);
}

TEST(LatencyQuantile, FailsOnlyWhenTheLowerRankBoundBreaksTheLimit) {
  EXPECT_EQ(judged_quantile(timed(rising(1, 1000)), "{quantile: 0.99, limit: 0.9 ms}").outcome,
            Outcome::fail);
  const Finding beyond = judged_quantile(timed(rising(1, 1000)), "{quantile: 0.99, limit: 0.988 ms}");
  EXPECT_EQ(beyond.outcome, Outcome::inconclusive);
  EXPECT_FALSE(beyond.checks.at(0).more_vectors);
}

TEST(LatencyQuantile, NeedsTwoHundredAndNinetyNineVectorsForP99) {
  const Finding finding = judged_quantile(timed(Ticks(200, 5)), "{quantile: 0.99, limit: 20 ms}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.checks.at(0).more_vectors, 99u);
  EXPECT_EQ(judged_quantile(timed(Ticks(299, 5)), "{quantile: 0.99, limit: 20 ms}").outcome, Outcome::pass);
}

TEST(LatencyQuantile, CanFailOnFewVectors) {
  EXPECT_EQ(judged_quantile(timed(Ticks(50, 30'000)), "{quantile: 0.99, limit: 20 ms}").outcome,
            Outcome::fail);
}

TEST(LatencyQuantile, DoesNotTakeRepeatsForMoreVectors) {
  test::TestCase made = timed(Ticks(300, 5));
  made.candidate.drawn = 100;
  made.candidate.info.repeats = 3;
  const Finding finding = judged_quantile(made, "{quantile: 0.99, limit: 20 ms}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.checks.at(0).more_vectors, 199u);
}

TEST(LatencyQuantile, TakesUntrustedTimingsForTheSlowest) {
  test::TestCase made = timed(Ticks(1000, 5));
  made.candidate.latency.sorted.resize(996);  // ranks 997..1000 are unknown, x_(996) is not
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, limit: 20 ms}").outcome, Outcome::pass);
  made.candidate.latency.sorted.resize(995);
  const Finding finding = judged_quantile(made, "{quantile: 0.99, limit: 20 ms}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("5 timings not to be trusted count as slow"));
}

TEST(LatencyQuantile, DoesNotFailBecauseOfUntrustedTimings) {
  test::TestCase made = timed(rising(1, 1000));
  made.candidate.latency.sorted.resize(900);  // were the other 100 fast, p99 could still be 884 us
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, limit: 0.9 ms}").outcome, Outcome::inconclusive);
}

TEST(LatencyQuantile, ComparesRepeatableTimingsExactly) {
  test::TestCase made = timed(Ticks(50, 102), Ticks(50, 100));
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 2 %}").outcome, Outcome::pass);
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 1.9 %}").outcome, Outcome::fail);
  made = timed(rising(100, 50), rising(99, 50));
  made.candidate.latency.repeatable = made.baseline.latency.repeatable = true;
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 1 %}").outcome, Outcome::pass);
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 0 %}").outcome, Outcome::fail);
}

TEST(LatencyQuantile, BoundsTheGrowthOfNoisyTimings) {
  const test::TestCase equal = timed(rising(10'000, 1000), rising(10'000, 1000));
  EXPECT_EQ(judged_quantile(equal, "{quantile: 0.99, growth: 2 %}").outcome, Outcome::pass);
  EXPECT_EQ(judged_quantile(equal, "{quantile: 0.99, growth: 0.01 %}").outcome, Outcome::inconclusive);
  const test::TestCase slower = timed(rising(20'000, 1000), rising(10'000, 1000));
  EXPECT_EQ(judged_quantile(slower, "{quantile: 0.99, growth: 2 %}").outcome, Outcome::fail);
  const test::TestCase few = timed(rising(10'000, 100), rising(10'000, 100));
  EXPECT_EQ(judged_quantile(few, "{quantile: 0.99, growth: 2 %}").checks.at(0).more_vectors,
            268u);  // 368 at 97.5 %
}

TEST(LatencyQuantile, RefusesToCompareUnlikeClocks) {
  test::TestCase made = timed(Ticks(400, 100), Ticks(400, 100));
  made.candidate.info.board.clock_hz = 2'000'000;
  const Finding finding = judged_quantile(made, "{quantile: 0.99, limit: 20 ms, growth: 2 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("2000000 Hz"));
  EXPECT_EQ(finding.checks.at(0).outcome, Outcome::pass);  // the candidate's own limit needs no comparison
  made = timed(Ticks(400, 100), Ticks(400, 100));
  made.baseline.info.board.clock = "systick";
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 2 %}").outcome, Outcome::error);
  made = timed(Ticks(400, 100), Ticks(400, 100));
  made.baseline.info.board.serial = "another";
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 2 %}").outcome, Outcome::error);
}

TEST(LatencyQuantile, IsAnErrorWithoutAClockOrATiming) {
  test::TestCase made = timed(Ticks(400, 100));
  made.candidate.latency.steps_per_base = 0;
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, limit: 20 ms}").outcome, Outcome::error);
  made = timed(Ticks(400, 100));
  made.candidate.latency.sorted.clear();
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, limit: 20 ms}").outcome, Outcome::error);
  made = timed(Ticks(400, 100), {});
  EXPECT_EQ(judged_quantile(made, "{quantile: 0.99, growth: 2 %}").outcome, Outcome::error);
}

TEST(LatencyQuantile, SaysThatABoardIsEmulated) {
  test::TestCase made = timed(Ticks(400, 100));
  EXPECT_THAT(judged_quantile(made, "{quantile: 0.99, limit: 20 ms}").reason, Not(HasSubstr("emulated")));
  made.candidate.info.board.provenance = Provenance::emulated;
  EXPECT_THAT(judged_quantile(made, "{quantile: 0.99, limit: 20 ms}").reason,
              HasSubstr("on an emulated board"));
}

TEST(LatencyQuantile, RefusesAPolicyWithoutALimit) {
  EXPECT_THROW(test::rule_of("latency_quantile", "quantile: 0.99"), Error);
  EXPECT_THROW(test::rule_of("latency_quantile", "{quantile: 1, limit: 20 ms}"), Error);
  EXPECT_THROW(test::rule_of("latency_quantile", "{quantile: 0.99, limit: 20}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
