// SPDX-License-Identifier: Apache-2.0
// Rules of accuracy over tasks that are no classification: by whether a number is within a tolerance, and by
// scores between 0 and 1.
#include <gmock/gmock.h>

#include <numeric>

#include "formats/section.hpp"
#include "gate/internal/accuracy_evidence.hpp"
#include "gate/internal/sample.hpp"
#include "known.hpp"
#include "model/task.hpp"
#include "stats/seeded_random.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kGraded = "{kind: regression, worst_error: 2}";
constexpr const char* kWithin = "{kind: regression, tolerance: 0.5}";

test::TestCase case_of(const char* task) {
  test::TestCase made = test::comparable_case();
  made.vectors.classes.clear();
  made.vectors.task = make_task(Section::parse(task, "campaign.yaml"));
  for (Scorecard* card : {&made.candidate, &made.baseline}) card->task = made.vectors.task->traits();
  return made;
}

void add_scores(test::TestCase& made, float baseline, float candidate) {
  for (auto [card, score] : {std::pair(&made.baseline, baseline), {&made.candidate, candidate}}) {
    card->answers.push_back(Answer::given);
    card->scores.push_back(score);
    card->info.vector_count = card->drawn = card->inferences = card->scores.size();
  }
  made.vectors.count = made.sample.drawn = made.baseline.scores.size();
}

TEST(ScoredTask, OfATolerancePassesAndFailsByItsCountsUnderItsOwnName) {
  test::TestCase made = case_of(kWithin);
  made.comparison.all = {480, 12, 8, 0};
  const Finding good = test::rule_of("noninferiority", "margin: 4 %")->judge(made.evidence());
  EXPECT_EQ(good.outcome, Outcome::pass);
  EXPECT_THAT(good.reason, HasSubstr("share within 0.5 over all vectors is 0.8 points worse"));
  EXPECT_THAT(good.method, HasSubstr("paired share within 0.5"));
  made.comparison.all = {400, 90, 10, 0};
  EXPECT_EQ(test::rule_of("noninferiority", "margin: 4 %")->judge(made.evidence()).outcome, Outcome::fail);
}

TEST(ScoredTask, OfGradesIsJudgedByTheirMeanDifference) {
  test::TestCase made = case_of(kGraded);
  for (int i = 0; i < 400; ++i) add_scores(made, 0.9F, i % 2 == 0 ? 0.89F : 0.90F);
  const Finding good = test::rule_of("noninferiority", "margin: 2 %")->judge(made.evidence());
  EXPECT_EQ(good.outcome, Outcome::pass) << good.reason;
  EXPECT_NEAR(*good.checks[0].estimate, -0.005, 1e-6);
  EXPECT_THAT(good.reason, HasSubstr("n = 400"));
  EXPECT_THAT(good.reason, HasSubstr("on average 90.0 % of the full score became 89.5 %"));
  test::TestCase bad = case_of(kGraded);
  for (int i = 0; i < 400; ++i) add_scores(bad, 0.9F, 0.8F);
  EXPECT_EQ(test::rule_of("noninferiority", "margin: 2 %")->judge(bad.evidence()).outcome, Outcome::fail);
}

TEST(ScoredTask, OfGradesAsksForVectorsWhereTooFewWereRun) {
  test::TestCase made = case_of(kGraded);
  for (int i = 0; i < 60; ++i) add_scores(made, 0.9F, 0.9F);
  const Finding few = test::rule_of("noninferiority", "margin: 2 %")->judge(made.evidence());
  EXPECT_EQ(few.outcome, Outcome::inconclusive);
  ASSERT_TRUE(few.checks[0].more_vectors);
  EXPECT_GT(*few.checks[0].more_vectors, 20u);
  EXPECT_FALSE(few.checks[0].more_groups);
}

TEST(ScoredTask, OfGradesCountsGroupsAndNotTheirVectors) {
  test::TestCase alone = case_of(kGraded), grouped = case_of(kGraded);
  stats::SeededRandom random(3);
  for (int group = 0; group < 30; ++group) {
    const float lost = random.below(3) == 0 ? 0.06F : 0.0F;
    for (std::uint32_t i = 0; i < 10; ++i) {
      add_scores(alone, 0.9F, 0.9F - lost);
      add_scores(grouped, 0.9F, 0.9F - lost);
      grouped.vectors.group.push_back(static_cast<std::uint32_t>(group));
    }
  }
  const auto width = [](const test::TestCase& made) {
    const Check check = test::rule_of("noninferiority", "margin: 5 %")->judge(made.evidence()).checks[0];
    return check.interval->high - check.interval->low;
  };
  EXPECT_GT(width(grouped), 2 * width(alone));
}

TEST(ScoredTask, HasAFloorAndSlices) {
  test::TestCase made = case_of(kGraded);
  made.vectors.slices = {{"load", {"idle", "full"}, {}}};
  for (int i = 0; i < 600; ++i) {
    const bool full = i % 3 == 0;
    made.vectors.slices[0].code.push_back(full ? 1 : 0);
    add_scores(made, 0.9F, full ? 0.7F : 0.9F);
  }
  made.comparison.slices.assign(1, std::vector<PairCounts>(2));
  EXPECT_EQ(test::rule_of("accuracy", "at_least: 75 %")->judge(made.evidence()).outcome, Outcome::pass);
  EXPECT_EQ(test::rule_of("accuracy", "at_least: 90 %")->judge(made.evidence()).outcome, Outcome::fail);
  const Finding slices =
      test::rule_of("worst_slice", "{over: [load], margin: 6 %, min_n: 30}")->judge(made.evidence());
  EXPECT_EQ(slices.outcome, Outcome::fail);
  EXPECT_THAT(slices.reason, HasSubstr("load = full is 20.0 points worse"));
}

// The exact bound of a discrete table cannot be passed at the margin more often than alpha; nor this one.
TEST(ScoredTask, OfGradesAtTheMarginPassesNoMoreOftenThanAlpha) {
  constexpr int kCampaigns = 400, kVectors = 120;
  stats::SeededRandom random(11);
  int by_bounds = 0, by_bets = 0;
  for (int campaign = 0; campaign < kCampaigns; ++campaign) {
    test::TestCase made = case_of(kGraded);
    for (int i = 0; i < kVectors; ++i) {
      const float lost = random.below(2) == 0 ? 0.0F : 0.1F;  // 5 points on average, as the margin
      add_scores(made, 0.9F, 0.9F - lost);
    }
    made.sample.sampling.order = DrawOrder::random;
    by_bounds += accuracy_evidence(made.evidence(), pair_all(made.evidence()), 0.05).is_good;
    made.sample.sampling.stop = StopRule::e_process;
    by_bets += accuracy_evidence(made.evidence(), pair_all(made.evidence()), 0.05).is_good;
  }
  EXPECT_LE(by_bounds, kCampaigns * 0.05 + 9);  // two standard errors
  EXPECT_LE(by_bets, kCampaigns * 0.05 + 9);
}

TEST(ScoredTask, AboutThisSetIsExactOnceAllOfItIsDrawn) {
  test::TestCase made = case_of(kGraded);
  for (int i = 0; i < 50; ++i) add_scores(made, 0.75F, 0.5F);
  made.sample.sampling.order = DrawOrder::random;
  made.sample.sampling.stop = StopRule::e_process;
  made.sample.sampling.claim = Claim::this_set;
  made.sample.order.resize(50);
  std::iota(made.sample.order.begin(), made.sample.order.end(), 0u);
  const AccuracyEvidence shown = accuracy_evidence(made.evidence(), pair_all(made.evidence()), 0.3);
  EXPECT_TRUE(shown.is_good);
  EXPECT_NEAR(shown.bounds.low, -0.25, 1e-6);
  EXPECT_NEAR(shown.bounds.high, -0.25, 1e-6);
}

std::vector<Mistake> mistakes_of(const std::string& test, const std::string& yaml, const char* task) {
  const test::TestCase made = case_of(task);
  return test::rule_of(test, yaml)->mistakes({made.vectors, {{"shipped"}, {"slim"}}});
}

TEST(ScoredTask, TellsRulesThatNeedClassesOrRightAnswersBeforeABoardIsTouched) {
  EXPECT_THAT(mistakes_of("noninferiority", "margin: 2 %", kGraded), IsEmpty());
  EXPECT_THAT(mistakes_of("accuracy", "at_least: 90 %", kWithin), IsEmpty());
  const auto auc = mistakes_of("auc", "{class: wake, margin: 2 %}", kWithin);
  ASSERT_FALSE(auc.empty());
  EXPECT_THAT(auc.front().what, HasSubstr("a regression has none"));
  EXPECT_FALSE(mistakes_of("accuracy", "{at_least: 90 %, class: wake}", kWithin).empty());
  EXPECT_FALSE(mistakes_of("score_drift", "max_flips: 1 %", kWithin).empty());
  EXPECT_THAT(mistakes_of("flakiness", "{k: 1, at_least: 90 %}", kWithin), IsEmpty());
  const auto flaky = mistakes_of("flakiness", "{k: 1, at_least: 90 %}", kGraded);
  ASSERT_THAT(flaky, SizeIs(1));
  EXPECT_THAT(flaky.front().what, HasSubstr("lie in between"));
}

}  // namespace
}  // namespace tinyhil::gate
