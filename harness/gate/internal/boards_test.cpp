// SPDX-License-Identifier: Apache-2.0
#include "boards.hpp"

#include <gmock/gmock.h>

#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

ControlScore equal_outputs(std::uint64_t n) {
  ControlScore score;
  score.n = n;
  return score;
}

// A run on boards `a` and `b`, 64 vectors run by both; latencies in ticks of 1 MHz, equal on every vector.
struct TwoBoards {
  test::TestCase all = test::comparable_case();
  std::vector<BoardFacts> boards;

  TwoBoards(std::uint32_t candidate_on_a, std::uint32_t candidate_on_b, std::uint32_t baseline = 1000) {
    all.add_pairs(0, 0, 200);
    for (const auto& [name, ticks] : {std::pair("a", candidate_on_a), std::pair("b", candidate_on_b)})
      boards.push_back(board_of(name, ticks, baseline));
    boards[1].candidate_again = boards[1].baseline_again = equal_outputs(64);
    boards[1].unlike_board = "a";
    all.candidate.latency = boards[0].candidate.latency;
    all.baseline.latency = boards[0].baseline.latency;
  }

  static BoardFacts board_of(const std::string& name, std::uint32_t candidate, std::uint32_t baseline) {
    test::TestCase part = test::comparable_case();
    part.add_pairs(0, 0, 132);
    for (const auto& [card, ticks] :
         {std::pair(&part.candidate, candidate), std::pair(&part.baseline, baseline)}) {
      card->info.board.name = name;
      card->latency.sorted.assign(132, ticks);
      card->latency.by_vector.assign(132, ticks);
    }
    part.comparison.latency.change = {{std::int64_t{candidate} - baseline, 132}};
    part.comparison.latency.candidate = {{candidate, 132}};
    part.comparison.latency.baseline = {{baseline, 132}};
    return {part.candidate, part.baseline, part.comparison, part.sample, equal_outputs(64)};
  }

  Facts facts() const {
    Facts facts = all.facts();
    facts.boards = boards;
    return facts;
  }
  Finding judged(const char* test, const char* yaml) const {
    return test::rule_of(test, yaml)->judge(Evidence{facts(), 0.05, 0.05});
  }
};

TEST(Boards, AreJudgedWhenEachIsWholeAndTheyAgree) {
  const TwoBoards run(1000, 1000);
  EXPECT_FALSE(board_obstacle(run.facts()));
  EXPECT_THAT(board_words(run.facts()), HasSubstr("b: A/A control: 64 vectors run twice"));
  EXPECT_THAT(board_words(run.facts()),
              HasSubstr("64 times another board ran a vector again, outputs equal"));
}

TEST(Boards, MakeAnErrorWhenTheBaselineDiffersBetweenThem) {
  TwoBoards run(1000, 1000);
  run.boards[1].baseline_again.differing = 3;
  run.boards[1].baseline_again.first_unequal = 17;
  run.boards[1].candidate_again = run.boards[1].baseline_again;
  const auto found = board_obstacle(run.facts());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, Outcome::error);
  EXPECT_THAT(found->reason,
              HasSubstr("the baseline `shipped` gives other outputs on board b than on a: 3 of 64"));
  EXPECT_THAT(found->reason, HasSubstr("first vector 17"));
  EXPECT_THAT(board_words(run.facts()), HasSubstr("outputs differ"));
}

TEST(Boards, CountAVectorThatOneOfThemAnsweredOnlyOnceAsRunAgain) {
  TwoBoards run(1000, 1000);
  run.boards[1].baseline_again.answered_once = 1;
  EXPECT_THAT(board_words(run.facts()), HasSubstr("65 times another board ran a vector again"));
}

TEST(Boards, FailACandidateThatAloneDiffersBetweenThem) {
  TwoBoards run(1000, 1000);
  run.boards[1].candidate_again.answered_once = 1;
  run.boards[1].candidate_again.first_unequal = 5;
  const auto found = board_obstacle(run.facts());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, Outcome::fail);
  EXPECT_THAT(found->reason, HasSubstr("`slim` gives other outputs on board b than on a: 1 of 65"));
}

TEST(Boards, SayWhichOfThemIsNotWhole) {
  TwoBoards run(1000, 1000);
  run.boards[1].candidate.inferences -= 1;
  run.boards[1].candidate.state = TrialState::interrupted;
  const auto found = board_obstacle(run.facts());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, Outcome::inconclusive);
  EXPECT_THAT(found->reason, HasSubstr("on board b: the trial of `slim` ended early, after 131 of 132"));
  run.boards[0].baseline.state = TrialState::faulted;
  EXPECT_THAT(board_obstacle(run.facts())->reason, HasSubstr("on board a: the baseline"));
}

TEST(Boards, LeaveTheLatencyOfOneThatFailedOutAndItsOutputsIn) {
  TwoBoards run(1050, 1190);
  run.boards[1].has_left = true;
  const Finding finding = run.judged("latency_quantile", "{quantile: 0.95, limit: 1.1 ms}");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  ASSERT_EQ(finding.checks.size(), 1u);
  EXPECT_EQ(finding.checks[0].subject, "p95 on a");
  EXPECT_EQ(run.judged("latency_shift", "{growth: 10 %}").checks.at(0).subject, "latency on a");
  EXPECT_THAT(board_words(run.facts()), HasSubstr("b failed, and the others went on without it"));
  run.boards[1].candidate_again.differing = 1;
  run.boards[1].candidate_again.first_unequal = 5;
  EXPECT_EQ(board_obstacle(run.facts())->outcome, Outcome::fail);
}

TEST(Boards, HoldEachOfThemToTheQuantilesLimit) {
  const char* yaml = "{quantile: 0.95, limit: 1.1 ms, growth: 15 %}";
  EXPECT_EQ(TwoBoards(1050, 1090).judged("latency_quantile", yaml).outcome, Outcome::pass);
  const Finding slow = TwoBoards(1050, 1190).judged("latency_quantile", yaml);
  EXPECT_EQ(slow.outcome, Outcome::fail);
  ASSERT_EQ(slow.checks.size(), 4u);
  EXPECT_EQ(slow.checks[0].subject, "p95 on a");
  EXPECT_EQ(slow.checks[0].outcome, Outcome::pass);
  EXPECT_EQ(slow.checks[2].subject, "p95 on b");
  EXPECT_EQ(slow.checks[2].outcome, Outcome::fail);
  EXPECT_EQ(slow.checks[3].subject, "p95 growth on b");
  EXPECT_THAT(slow.reason, HasSubstr("board b: p95 is 1.19 ms"));
}

TEST(Boards, AreComparedTickByTickWhereLatenciesAreDeterministic) {
  const Finding finding = TwoBoards(1010, 1030).judged("latency_shift", "{growth: 2 %}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  ASSERT_EQ(finding.checks.size(), 2u);
  EXPECT_EQ(finding.checks[0].outcome, Outcome::pass);
  EXPECT_EQ(finding.checks[1].subject, "latency on b");
  EXPECT_EQ(finding.checks[1].outcome, Outcome::fail);
}

// Two boards that take another time for each vector, and repeat it.
TwoBoards repeatable(std::uint32_t change_on_a, std::uint32_t change_on_b) {
  TwoBoards run(1000, 1000);
  for (const auto& [facts, change] :
       {std::pair(&run.boards[0], change_on_a), std::pair(&run.boards[1], change_on_b)}) {
    facts->candidate.latency.repeatable = facts->baseline.latency.repeatable = true;
    facts->comparison.latency.change.clear();
    for (std::uint32_t tick = change - 5; tick <= change + 5; ++tick)
      facts->comparison.latency.change.push_back({tick, 12});
    facts->comparison.latency.baseline = {{990, 60}, {1000, 60}, {1010, 12}};
    facts->comparison.latency.candidate = {{1010, 132}};
  }
  return run;
}

TEST(Boards, AreTheUnitOfALatencysChange) {
  // Student's t with one degree of freedom, 5 %: 6.314 standard errors; se = |11 - 10| / 2.
  const Finding close = repeatable(10, 11).judged("latency_shift", "{growth: 2 %}");
  EXPECT_EQ(close.outcome, Outcome::pass);
  ASSERT_EQ(close.checks.size(), 1u);
  EXPECT_NEAR(*close.checks[0].estimate, 0.0105, 1e-9);
  EXPECT_NEAR(close.checks[0].interval->high, 0.0105 + 6.3138 * 0.0005, 1e-6);
  EXPECT_THAT(close.reason, HasSubstr("+1.00 % on a, +1.10 % on b; between boards: Q "));
  EXPECT_THAT(close.method, HasSubstr("mean of 2 boards, Student's t"));
  const Finding apart = repeatable(10, 18).judged("latency_shift", "{growth: 2 %}");
  EXPECT_EQ(apart.outcome, Outcome::inconclusive);
  EXPECT_THAT(apart.reason, HasSubstr("more boards would tell"));
  EXPECT_EQ(repeatable(40, 41).judged("latency_shift", "{growth: 2 %}").outcome, Outcome::fail);
}

TEST(Boards, AreAllNeededForALatencysChange) {
  TwoBoards run = repeatable(10, 11);
  run.boards[1].comparison.latency.unlike = "other clock";
  const Finding finding = run.judged("latency_shift", "{growth: 2 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_EQ(finding.checks[0].subject, "latency on b");
}

}  // namespace
}  // namespace tinyhil::gate
