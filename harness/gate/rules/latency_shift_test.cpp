// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "base/error.hpp"
#include "gate/internal/boards.hpp"
#include "gate/internal/quantity_change.hpp"
#include "stats/seeded_random.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

// 1 MHz: a tick is a microsecond. The ticks of each vector on both sides; 0: no trusted timing.
test::TestCase timed_by_vector(const std::vector<std::uint32_t>& candidate,
                               const std::vector<std::uint32_t>& baseline) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, baseline.size());
  std::map<std::int64_t, std::uint64_t> change, ours, theirs;
  for (std::size_t i = 0; i < baseline.size(); ++i) {
    if (candidate[i] != 0) made.candidate.latency.sorted.push_back(candidate[i]);
    if (baseline[i] != 0) made.baseline.latency.sorted.push_back(baseline[i]);
    if (candidate[i] == 0 || baseline[i] == 0) continue;
    ++change[std::int64_t{candidate[i]} - baseline[i]];
    ++ours[candidate[i]];
    ++theirs[baseline[i]];
  }
  for (const auto& [value, count] : change) made.comparison.latency.change.push_back({value, count});
  for (const auto& [value, count] : ours) made.comparison.latency.candidate.push_back({value, count});
  for (const auto& [value, count] : theirs) made.comparison.latency.baseline.push_back({value, count});
  made.candidate.latency.by_vector = candidate;
  made.baseline.latency.by_vector = baseline;
  return made;
}

std::vector<std::uint32_t> same(std::uint32_t ticks, std::size_t count) { return std::vector(count, ticks); }

// first + i % 7 * 10 + wobble * (i % 3): each vector has its own latency.
std::vector<std::uint32_t> by_vector(std::uint32_t first, std::size_t count, std::uint32_t wobble = 0) {
  std::vector<std::uint32_t> ticks;
  for (std::uint32_t i = 0; i < count; ++i) ticks.push_back(first + i % 7 * 10 + wobble * (i % 3));
  return ticks;
}

test::TestCase repeatable(test::TestCase made) {
  made.candidate.latency.repeatable = made.baseline.latency.repeatable = true;
  return made;
}

Finding judged_shift(const test::TestCase& made, const char* yaml = "{growth: 2 %}") {
  return test::rule_of("latency_shift", yaml)->judge(made.evidence());
}

TEST(LatencyShift, ComparesIntegersWhereEveryInferenceTakesTheSame) {
  const Finding finding = judged_shift(timed_by_vector(same(102, 50), same(100, 50)));
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.method, HasSubstr("compared tick by tick"));
  EXPECT_EQ(
      finding.reason,
      "latency of the same vector changed by +2.00 %, +2 us on a median of 100 us (n = 50); at most +2.00 "
      "% allowed");
  EXPECT_EQ(judged_shift(timed_by_vector(same(103, 50), same(100, 50))).outcome, Outcome::fail);
  EXPECT_EQ(judged_shift(timed_by_vector(same(101, 50), same(100, 50)), "{growth: 0 %}").outcome,
            Outcome::fail);
}

TEST(LatencyShift, PairsByVectorWhereLatenciesRepeat) {
  const test::TestCase slower = repeatable(timed_by_vector(by_vector(1010, 200, 3), by_vector(1000, 200)));
  const Finding finding = judged_shift(slower);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.method, HasSubstr("paired by vector, Hodges-Lehmann"));
  EXPECT_NEAR(*finding.checks.at(0).estimate, 13.0 / 1030, 1e-9);
  EXPECT_EQ(judged_shift(slower, "{growth: 0.5 %}").outcome, Outcome::fail);
}

TEST(LatencyShift, ComparesMeansOfBlocksWhereNothingShowsThatLatenciesRepeat) {
  const Finding finding = judged_shift(timed_by_vector(by_vector(1010, 400, 3), by_vector(1000, 400)));
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.method, HasSubstr("means of blocks"));
  EXPECT_EQ(judged_shift(timed_by_vector(by_vector(1100, 400, 3), by_vector(1000, 400))).outcome,
            Outcome::fail);
}

TEST(LatencyShift, IsUndecidedOnAFewNoisyTimings) {
  const Finding finding = judged_shift(timed_by_vector(by_vector(1010, 12, 3), by_vector(1000, 12)));
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("undecided"));
}

TEST(LatencyShift, NeverPassesBecauseAClockRolledOver) {
  std::vector<std::uint32_t> candidate = by_vector(1010, 200, 3);
  for (std::size_t i = 0; i < 120; ++i) candidate[i] = 0;  // not to be trusted
  const Finding many = judged_shift(repeatable(timed_by_vector(candidate, by_vector(1000, 200))));
  EXPECT_EQ(many.outcome, Outcome::inconclusive);
  EXPECT_THAT(many.reason, HasSubstr("120 vectors without a trusted timing may have taken any time"));
  candidate = by_vector(1010, 200, 3);
  candidate[7] = 0;
  EXPECT_EQ(judged_shift(repeatable(timed_by_vector(candidate, by_vector(1000, 200)))).outcome,
            Outcome::pass);
}

TEST(LatencyShift, DoesNotCallALatencyExactOfWhichSomeAreUnknown) {
  std::vector<std::uint32_t> candidate = same(100, 50);
  for (std::size_t i = 0; i < 40; ++i) candidate[i] = 0;
  EXPECT_EQ(judged_shift(timed_by_vector(candidate, same(100, 50))).outcome, Outcome::inconclusive);
}

// As a run with `order: random` has it: the vector at each place ran at that time, `change` slower than 1000.
test::TestCase timed_in_random_order(const std::vector<double>& change_at, std::uint64_t seed) {
  test::TestCase counted = test::comparable_case();
  counted.add_pairs(0, 0, change_at.size());
  const std::vector<std::uint32_t> order = sampling::draw_order(DrawOrder::random, seed, counted.vectors);
  std::vector<std::uint32_t> candidate(change_at.size());
  for (std::size_t place = 0; place < order.size(); ++place)
    candidate[order[place]] = static_cast<std::uint32_t>(1000 + std::llround(change_at[place]));
  test::TestCase made = timed_by_vector(candidate, same(1000, change_at.size()));
  made.sample.sampling.order = DrawOrder::random;
  made.sample.order = order;
  return made;
}

// The first places of 400 are slow, the others as the baseline.
std::vector<double> warming_up(std::uint64_t seed, int slow = 150) {
  stats::SeededRandom random(seed);
  std::vector<double> changes;
  for (int place = 0; place < 400; ++place) changes.push_back((place < slow ? 300 : 0) + 3 * random.normal());
  return changes;
}

test::TestCase in_order_of_the_set(test::TestCase made) {
  made.sample.order.clear();
  return made;
}

TEST(LatencyShift, CutsTheWarmUpOfARunInRandomOrder) {
  const test::TestCase made = timed_in_random_order(warming_up(91), 1);
  const QuantityChange change = quantity_change(made.evidence(), kLatency, 0.95);
  EXPECT_EQ(change.kind, ChangeKind::noisy);
  ASSERT_TRUE(change.settled && change.interval);
  EXPECT_NEAR(change.estimate, 0, 1);
  EXPECT_LT(change.interval->high - change.interval->low, 2);
  EXPECT_EQ(judged_shift(made).outcome, Outcome::pass);
  EXPECT_NE(judged_shift(in_order_of_the_set(made)).outcome, Outcome::pass);
}

TEST(LatencyShift, TakesOfADrawnBeginningOnlyWhatWasRun) {
  std::vector<double> changes = warming_up(92, 100);
  for (std::size_t place = 300; place < changes.size(); ++place) changes[place] = 500;
  test::TestCase made = timed_in_random_order(changes, 2);
  made.sample.drawn = 300;
  made.comparison.latency.change.pop_back();  // the 100 of 500
  const QuantityChange change = quantity_change(made.evidence(), kLatency, 0.95);
  ASSERT_TRUE(change.settled && change.interval);
  EXPECT_LT(change.interval->high, 2);
}

TEST(LatencyShift, CutsTheWarmUpOfEachBoardInItsOwnOrder) {
  test::TestCase all = timed_in_random_order(warming_up(93), 3);
  std::vector<BoardFacts> boards;
  for (const std::uint64_t seed : {4, 5}) {
    const test::TestCase part = timed_in_random_order(warming_up(93 + seed), seed);
    boards.push_back({part.candidate, part.baseline, part.comparison, part.sample, std::nullopt});
  }
  Facts facts = all.facts();
  facts.boards = boards;
  for (const BoardEvidence& each : by_board(Evidence{facts, 0.05, 0.05})) {
    const QuantityChange change = quantity_change(each.evidence, kLatency, 0.95);
    ASSERT_TRUE(change.settled && change.interval);
    EXPECT_LT(change.interval->high, 2);
  }
}

// A slow wander of the clock, as temperature makes it, tau 19, about a growth of exactly what is allowed.
std::vector<double> wandering(stats::SeededRandom& random) {
  constexpr double kRho = 0.9;
  double wander = random.normal();
  std::vector<double> changes;
  for (int place = 0; place < 2000; ++place) {
    wander = kRho * wander + std::sqrt(1 - kRho * kRho) * random.normal();
    changes.push_back(20 + 30 * wander);
  }
  return changes;
}

// 16 of 400 pass, 132 in the order of the set, where every vector seems to be independent.
TEST(LatencyShift, PassesAtTheLimitNoMoreOftenThanItsLevelWhenARunInRandomOrderWanders) {
  constexpr int kRuns = 400;
  stats::SeededRandom random(94);
  int passed = 0, passed_by_set = 0;
  for (int run = 0; run < kRuns; ++run) {
    const test::TestCase made = timed_in_random_order(wandering(random), static_cast<std::uint64_t>(run));
    passed += judged_shift(made).outcome == Outcome::pass;
    passed_by_set += judged_shift(in_order_of_the_set(made)).outcome == Outcome::pass;
  }
  EXPECT_LE(passed, kRuns * 0.083) << "5 % and three standard deviations";
  EXPECT_GT(passed_by_set, kRuns * 0.2);
}

TEST(LatencyShift, RefusesUnlikeLatencies) {
  test::TestCase made = timed_by_vector(same(100, 50), same(100, 50));
  made.candidate.info.board.clock_hz = 2'000'000;
  EXPECT_EQ(judged_shift(made).outcome, Outcome::error);
  EXPECT_THAT(judged_shift(made).reason, HasSubstr("2000000 Hz"));
  made = timed_by_vector(same(100, 50), same(100, 50));
  made.candidate.info.mode = made.baseline.info.mode = RunMode::throughput;
  EXPECT_THAT(judged_shift(made).reason, HasSubstr("throughput mode"));
  made = timed_by_vector(same(0, 50), same(100, 50));
  EXPECT_EQ(judged_shift(made).reason, "no latency of the candidate was measured");
  made.candidate.latency.disturbed = 12;
  EXPECT_THAT(judged_shift(made).reason, HasSubstr("12 rows are disturbed"));
}

TEST(LatencyShift, NamesWhatASuspectClockAndTheTimerSay) {
  test::TestCase made = timed_by_vector(same(0, 50), same(100, 50));
  made.candidate.latency.suspect = 50;
  made.candidate.latency.suspect_clock_us = 2100;
  made.candidate.latency.suspect_timer_us = 200;
  EXPECT_EQ(judged_shift(made).outcome, Outcome::error);
  EXPECT_THAT(
      judged_shift(made).reason,
      HasSubstr("suspect in 50 rows (the clock says 2100.0 us, the second timer 200.0 us, ratio 10.5)"));
}

TEST(LatencyShift, RefusesAPolicyWithoutGrowth) {
  EXPECT_THROW(test::rule_of("latency_shift", "{}"), Error);
  EXPECT_THROW(test::rule_of("latency_shift", "{growth: 2}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
