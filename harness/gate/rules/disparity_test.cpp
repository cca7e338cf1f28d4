// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

// Classes "right" (0) and "wrong" (1).
test::TestCase by_sex() {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"sex", {"f", "m"}, {}}};
  return made;
}

Finding judged_disparity(const test::TestCase& made, const char* yaml) {
  return test::rule_of("disparity", yaml)->judge(made.evidence());
}

TEST(Disparity, PassesWhenTheGapIsShownToBeSmall) {
  test::TestCase made = by_sex();
  made.add(1900, true, true, 0);
  made.add(100, false, false, 0);
  made.add(1890, true, true, 1);
  made.add(110, false, false, 1);
  const Finding finding = judged_disparity(made, "{metric: accuracy, over: sex, limit: 5 %}");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.reason, HasSubstr("accuracy is 95.0 % for sex = f and 94.5 % for sex = m, a gap of "
                                        "+0.5 points (90 % interval "));
  EXPECT_THAT(finding.reason, HasSubstr("n = 4000); at most 5 allowed"));
  EXPECT_NEAR(*finding.checks.at(0).limit, 0.05, 1e-12);
}

TEST(Disparity, FailsWhenTheGapIsShownToBeLarge) {
  test::TestCase made = by_sex();
  made.add(400, true, true, 0);
  made.add(300, true, true, 1);
  made.add(100, true, false, 1);
  const Finding finding = judged_disparity(made, "{metric: accuracy, over: sex, limit: 5 %}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("100.0 % for sex = f and 75.0 % for sex = m"));
  EXPECT_GT(finding.checks.at(0).interval->low, 0.05);
}

TEST(Disparity, SaysHowManyVectorsWouldDecide) {
  test::TestCase made = by_sex();
  made.add(96, true, true, 0);
  made.add(4, false, false, 0);
  made.add(95, true, true, 1);
  made.add(5, false, false, 1);
  const Finding finding = judged_disparity(made, "{metric: accuracy, over: sex, limit: 5 %}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_TRUE(finding.checks.at(0).more_vectors);
  EXPECT_THAT(finding.reason, HasSubstr("more vectors would be expected to show"));
}

TEST(Disparity, LooksAtTheRecallOfOneClassOnly) {
  test::TestCase made = by_sex();
  made.add(400, true, true, 0, 1);
  made.add(400, true, true, 1, 1);
  made.add(400, true, true, 0, 0);
  made.add(400, true, false, 1, 0);  // another class, which the candidate misses in men
  EXPECT_EQ(judged_disparity(made, "{metric: recall, class: wrong, over: sex, limit: 5 %}").outcome,
            Outcome::pass);
  EXPECT_EQ(judged_disparity(made, "{metric: recall, class: right, over: sex, limit: 5 %}").outcome,
            Outcome::fail);
}

TEST(Disparity, LeavesRecallUndefinedWithoutPositives) {
  test::TestCase made = by_sex();
  made.add(400, true, true, 0, 1);
  made.add(400, true, true, 1, 0);  // no vector of class `wrong`
  const Finding finding = judged_disparity(made, "{metric: recall, class: wrong, over: sex, limit: 5 %}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.reason,
            "sex = m has no vectors of class `wrong`, so its recall is undefined; at least 30 are needed");
  EXPECT_FALSE(finding.checks.at(0).estimate);
}

TEST(Disparity, IsUndecidedAboutAValueWithTooFewVectors) {
  test::TestCase made = by_sex();
  made.add(400, true, true, 0);
  made.add(29, true, true, 1);
  const Finding finding = judged_disparity(made, "{metric: accuracy, over: sex, limit: 5 %}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.reason, "sex = m has 29 vectors, 1 more are needed for at least 30");
}

TEST(Disparity, StillFailsOnTheValuesThatHaveEnough) {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"accent", {"us", "scottish", "indian"}, {}}};
  made.add(400, true, true, 0);
  made.add(400, true, false, 1);
  made.add(3, true, true, 2);
  EXPECT_EQ(judged_disparity(made, "{metric: accuracy, over: accent, limit: 5 %}").outcome, Outcome::fail);
}

TEST(Disparity, BoundsTheChangeFromTheBaseline) {
  test::TestCase made = by_sex();
  for (std::uint16_t sex : {0, 1}) {
    made.add(2000, true, true, sex);
    made.add(sex == 0 ? 0 : 500, false, false, sex);  // a large gap, but the baseline's too
  }
  EXPECT_EQ(judged_disparity(made, "{metric: accuracy, over: sex, change: 1.5 %}").outcome, Outcome::pass);
  made.add(250, true, false, 1);
  const Finding finding = judged_disparity(made, "{metric: accuracy, over: sex, change: 1.5 %}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("the gap of accuracy over sex changed by +"));
  EXPECT_THAT(finding.reason, HasSubstr("points from the baseline's (90 % interval +"));
  EXPECT_THAT(finding.reason, HasSubstr("at most +1.5 allowed"));
}

TEST(Disparity, GivesTheSameAnswerTwice) {
  test::TestCase made = by_sex();
  made.add_pairs(20, 10, 500, 0);
  made.add_pairs(15, 20, 400, 1);
  EXPECT_EQ(judged_disparity(made, "{metric: accuracy, over: sex, change: 1.5 %}").reason,
            judged_disparity(made, "{metric: accuracy, over: sex, change: 1.5 %}").reason);
}

TEST(Disparity, AnErrorNamesTheSliceOrTheClassThatIsNotThere) {
  test::TestCase made = by_sex();
  made.add(400, true, true, 0);
  made.add(400, true, true, 1);
  EXPECT_THAT(judged_disparity(made, "{metric: accuracy, over: sx, limit: 5 %}").reason,
              HasSubstr("no slice `sx`; did you mean `sex`?"));
  const Finding finding = judged_disparity(made, "{metric: recall, class: wron, over: sex, limit: 5 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("no class `wron`; did you mean `wrong`?"));
}

TEST(Disparity, IsAnErrorOverASliceWithOneValue) {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"sex", {"f"}, {}}};
  made.add(400, true, true, 0);
  const Finding finding = judged_disparity(made, "{metric: accuracy, over: sex, limit: 5 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_EQ(finding.reason, "the slice `sex` has only one value");
}

TEST(Disparity, RefusesAPolicyThatLimitsNothingOrMixesTheMetrics) {
  EXPECT_THROW(test::rule_of("disparity", "{metric: accuracy, over: sex}"), Error);
  EXPECT_THROW(test::rule_of("disparity", "{metric: recall, over: sex, limit: 5 %}"), Error);
  EXPECT_THROW(test::rule_of("disparity", "{metric: accuracy, class: yes, over: sex, limit: 5 %}"), Error);
  EXPECT_THROW(test::rule_of("disparity", "{metric: accuracy, over: sex, limit: 100 %}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
