// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

test::TestCase drifted(Histogram steps, std::uint64_t flipped = 0) {
  test::TestCase made = test::comparable_case();
  for (const ValueCount& step : steps) made.add(step.count, true, true);
  made.comparison.drift.n = made.vectors.count;
  made.comparison.drift.largest_step = std::move(steps);
  made.comparison.drift.flipped = flipped;
  return made;
}

Finding judged_drift(const test::TestCase& made, const char* yaml) {
  return test::rule_of("score_drift", yaml)->judge(made.evidence());
}

TEST(ScoreDrift, PassesWhenNoOutputMovedTooFar) {
  const Finding finding = judged_drift(drifted({{0, 900}, {1, 99}, {2, 1}}), "{max_lsb: 2}");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.reason,
            "0 of 1000 outputs moved by more than 2 LSB from the baseline's (largest 2), 0 % of all (90 % "
            "interval 0 % .. 0.2991 %); at most 0 % allowed");
}

TEST(ScoreDrift, FailsOnOneOutputWhereNoneMayMove) {
  const Finding finding = judged_drift(drifted({{0, 900}, {1, 99}, {3, 1}}), "{max_lsb: 2}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("1 of 1000 outputs moved by more than 2 LSB"));
}

TEST(ScoreDrift, BoundsAShareThatMayMove) {
  EXPECT_EQ(judged_drift(drifted({{0, 997}, {5, 3}}), "{max_lsb: 2, allow_fraction: 1 %}").outcome,
            Outcome::pass);
  EXPECT_EQ(judged_drift(drifted({{0, 970}, {5, 30}}), "{max_lsb: 2, allow_fraction: 1 %}").outcome,
            Outcome::fail);
  const Finding finding = judged_drift(drifted({{0, 993}, {5, 7}}), "{max_lsb: 2, allow_fraction: 1 %}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_TRUE(finding.checks.at(0).more_vectors);
}

TEST(ScoreDrift, NeedsTwoHundredAndNinetyNineVectorsForOnePercent) {
  EXPECT_EQ(judged_drift(drifted({{0, 299}}), "{max_lsb: 0, allow_fraction: 1 %}").outcome, Outcome::pass);
  const Finding finding = judged_drift(drifted({{0, 200}}), "{max_lsb: 0, allow_fraction: 1 %}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.checks.at(0).more_vectors, 99u);
}

TEST(ScoreDrift, BoundsTheShareOfChangedClasses) {
  EXPECT_EQ(judged_drift(drifted({{0, 1000}}, 2), "{max_flips: 1 %}").outcome, Outcome::pass);
  const Finding finding = judged_drift(drifted({{0, 1000}}, 40), "{max_lsb: 0, max_flips: 1 %}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.checks.at(0).outcome, Outcome::pass);
  EXPECT_THAT(finding.reason, HasSubstr("the top class of 40 of 1000 vectors changed, 4 % of all"));
}

TEST(ScoreDrift, RefusesToCompareOutputsOfAnotherScale) {
  test::TestCase made = drifted({}, 0);
  made.add(400, true, true);
  made.comparison.drift.n = 400;
  made.comparison.drift.unlike =
      "other scale: 0.1 with zero point 0 for the candidate, 0.2 with zero point 0 "
      "for the baseline";
  const Finding finding = judged_drift(made, "{max_lsb: 2, max_flips: 1 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("the outputs cannot be compared in LSB: other scale: 0.1"));
  EXPECT_EQ(finding.checks.at(1).outcome, Outcome::pass);  // classes can be
}

TEST(ScoreDrift, CountsAVectorWithoutAnAnswerAsMoved) {
  test::TestCase made = drifted({{0, 400}});
  made.add(1, true, false);  // not a number
  const Finding finding = judged_drift(made, "{max_lsb: 2, max_flips: 0 %}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.checks.at(0).outcome, Outcome::fail);
  EXPECT_EQ(finding.checks.at(1).outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("1 of them gave no output that means something"));
}

TEST(ScoreDrift, TellsHowManyClassesAreAtRisk) {
  test::TestCase made = drifted({{0, 390}, {2, 10}});
  made.comparison.drift.within_gap = 7;
  EXPECT_THAT(judged_drift(made, "{max_lsb: 2}").reason,
              HasSubstr("on 7 vectors as much drift could change the class"));
}

TEST(ScoreDrift, IsAnErrorWithoutOutputs) {
  EXPECT_EQ(judged_drift(test::comparable_case(), "{max_lsb: 2}").outcome, Outcome::error);
}

TEST(ScoreDrift, RefusesAPolicyThatLimitsNothing) {
  EXPECT_THROW(test::rule_of("score_drift", "{}"), Error);
  EXPECT_THROW(test::rule_of("score_drift", "{allow_fraction: 1 %, max_flips: 1 %}"), Error);
  EXPECT_THROW(test::rule_of("score_drift", "{max_lsb: -1}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
