// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

Finding judged_pairs(std::size_t lost, std::size_t gained, std::size_t n, const char* yaml = "margin: 2 %") {
  test::TestCase made = test::comparable_case();
  made.add_pairs(lost, gained, n);
  return test::rule_of("noninferiority", yaml)->judge(made.evidence());
}

TEST(Noninferiority, PassesWhenTheLowerBoundLiesInsideTheMargin) {
  const Finding finding = judged_pairs(12, 9, 500, "margin: 2.4 %");  // bound -2.35 points
  EXPECT_EQ(finding.outcome, Outcome::pass);
  ASSERT_EQ(finding.checks.size(), 1u);
  const Check& check = finding.checks[0];
  EXPECT_EQ(check.subject, "all vectors");
  EXPECT_EQ(check.n, 500u);
  EXPECT_EQ(check.unit, Unit::ratio);
  EXPECT_NEAR(*check.estimate, -0.006, 1e-12);
  EXPECT_NEAR(check.interval->low, -0.02351154, 5e-9);
  EXPECT_NEAR(check.confidence, 0.9, 1e-12);
  EXPECT_NEAR(*check.limit, -0.024, 1e-12);
}

TEST(Noninferiority, IsUndecidedWhenTheMarginLiesBetweenTheBounds) {
  const Finding finding = judged_pairs(12, 9, 500, "margin: 2.2 %");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  ASSERT_TRUE(finding.checks[0].more_vectors);
  EXPECT_GT(*finding.checks[0].more_vectors, 0u);
  EXPECT_THAT(finding.reason, HasSubstr("more vectors would be expected"));
}

TEST(Noninferiority, FailsOnlyWhenTheUpperBoundLiesBeyondTheMargin) {
  EXPECT_EQ(judged_pairs(40, 4, 200, "margin: 2 %").outcome, Outcome::fail);
  // 3 points worse, but it might be luck.
  const Finding undecided = judged_pairs(8, 2, 200, "margin: 2 %");
  EXPECT_EQ(undecided.outcome, Outcome::inconclusive);
  EXPECT_FALSE(undecided.checks[0].more_vectors);
  EXPECT_THAT(undecided.reason, HasSubstr("not expected to make it pass"));
}

TEST(Noninferiority, SaysWhatWasSeenInOneSentence) {
  const Finding finding = judged_pairs(40, 4, 200, "margin: 2 %");
  EXPECT_THAT(finding.reason,
              HasSubstr("accuracy over all vectors is 18.0 points worse (90 % interval -23."));
  EXPECT_THAT(finding.reason,
              HasSubstr("n = 200); at most 2 allowed; 98.0 % right became 80.0 %, 40 lost, 4 gained"));
  EXPECT_THAT(finding.method, HasSubstr("one-sided at 95 %"));
}

TEST(Noninferiority, PassesABetterCandidateAndAnEqualOne) {
  EXPECT_THAT(judged_pairs(1, 7, 100).reason, HasSubstr("6.0 points better (90 % interval +0.5"));
  EXPECT_EQ(judged_pairs(1, 7, 100).outcome, Outcome::pass);
  EXPECT_EQ(judged_pairs(0, 0, 299, "margin: 1 %").outcome, Outcome::pass);
  EXPECT_THAT(judged_pairs(0, 0, 299, "margin: 1 %").reason, HasSubstr("equally accurate"));
  const Finding too_few = judged_pairs(0, 0, 298, "margin: 1 %");
  EXPECT_EQ(too_few.outcome, Outcome::inconclusive);
  EXPECT_EQ(too_few.checks[0].more_vectors, 1u);
}

// At 6 % another one of 43 is lost in 7 % of all sets: a score interval passes it.
TEST(Noninferiority, TakesTheRuleOfThreeForASmallSet) {
  EXPECT_EQ(judged_pairs(0, 0, 43, "margin: 6 %").outcome, Outcome::inconclusive);
  EXPECT_EQ(judged_pairs(0, 0, 43, "margin: 6 %").checks[0].more_vectors, 6u);
  EXPECT_EQ(judged_pairs(0, 0, 49, "margin: 6 %").outcome, Outcome::pass);
}

TEST(Noninferiority, DoesNotPassOnAFewVectors) {
  EXPECT_EQ(judged_pairs(0, 0, 1).outcome, Outcome::inconclusive);
}

TEST(Noninferiority, UsesThePolicysErrorLevel) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(12, 9, 500);
  const auto rule = test::rule_of("noninferiority", "margin: 2.5 %");
  EXPECT_EQ(rule->judge(made.evidence(0.05)).outcome, Outcome::pass);
  EXPECT_EQ(rule->judge(made.evidence(0.025)).outcome, Outcome::inconclusive);
}

TEST(Noninferiority, SaysWhenVectorsComeInGroups) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, 300);
  const auto rule = test::rule_of("noninferiority", "margin: 2 %");
  EXPECT_THAT(rule->judge(made.evidence()).method, Not(HasSubstr("group")));
  made.vectors.group.assign(300, 7);
  EXPECT_THAT(rule->judge(made.evidence()).method, HasSubstr("vectors of one group"));
}

TEST(Noninferiority, RefusesAMarginOfNothingOrOfEverything) {
  EXPECT_THROW(test::rule_of("noninferiority", "margin: 0 %"), Error);
  EXPECT_THROW(test::rule_of("noninferiority", "margin: 100 %"), Error);
  EXPECT_THROW(test::rule_of("noninferiority", "margin: 2"), Error);
  EXPECT_THROW(test::rule_of("noninferiority", "severity: minor"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
