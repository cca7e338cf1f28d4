// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

// Class 0 is "right". `positives` of it, as many others; the baseline separates them, the candidate ranks the
// first `swapped` positives below all others.
test::TestCase scored(std::size_t positives, std::size_t swapped) {
  test::TestCase made = test::comparable_case();
  made.add(positives, true, true, 0, 0);
  made.add(positives, true, true, 0, 1);
  made.comparison.scores = [=](std::size_t of) {
    ClassScores scores;
    for (std::size_t i = 0; i < 2 * positives; ++i) {
      const double rank = static_cast<double>(i % positives);
      const bool is_class = (i < positives) == (of == 0);
      scores.is_class.push_back(is_class);
      scores.baseline.push_back(is_class ? 1000 + rank : rank);
      scores.candidate.push_back(is_class && rank < static_cast<double>(swapped) ? -1 - rank
                                                                                 : scores.baseline.back());
    }
    return scores;
  };
  return made;
}

Finding judged_auc(const test::TestCase& made, const char* yaml = "{class: right, margin: 1 %}") {
  return test::rule_of("auc", yaml)->judge(made.evidence());
}

TEST(Auc, PassesACandidateThatSeparatesAsWell) {
  const Finding finding = judged_auc(scored(1000, 2));
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.reason,
              HasSubstr("AUC of `right` is 0.9980 against 1.0000 of the baseline, -0.2 points "
                        "(90 % interval -0.7"));
  EXPECT_THAT(finding.reason, HasSubstr("n = 2000, 1000 of the class); at most 1 less allowed"));
  EXPECT_NEAR(*finding.checks.at(0).limit, -0.01, 1e-12);
}

TEST(Auc, FailsACandidateThatIsShownToSeparateWorse) {
  const Finding finding = judged_auc(scored(1000, 50));
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_LT(finding.checks.at(0).interval->high, -0.01);
}

TEST(Auc, IsUndecidedNearTheMargin) {
  const Finding finding = judged_auc(scored(1000, 9));
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_TRUE(finding.checks.at(0).more_vectors);
}

TEST(Auc, IsNotCertainBecauseAllPairsAreRankedAlike) {
  const Finding few = judged_auc(scored(400, 0));  // no variance at all
  EXPECT_EQ(few.outcome, Outcome::inconclusive);
  EXPECT_THAT(few.reason, HasSubstr("both order all pairs alike"));
  EXPECT_THAT(few.reason, HasSubstr("at least 449 vectors of the class are needed for this margin, 49 more"));
  EXPECT_EQ(few.checks.at(0).more_vectors, 49u);
  EXPECT_EQ(judged_auc(scored(453, 0)).outcome, Outcome::pass);
}

// Five positives cannot show that less than 45 % of them are lost, whatever the others say.
TEST(Auc, DoesNotPassBecauseTheCandidateIsALittleWorse) {
  test::TestCase made = test::comparable_case();
  made.add(5, true, true, 0, 0);
  made.add(495, true, true, 0, 1);
  made.comparison.scores = [](std::size_t) {
    ClassScores scores;
    for (int i = 0; i < 500; ++i) {
      scores.is_class.push_back(i < 5);
      scores.baseline.push_back(i < 5 ? 1000 + i : i);
      scores.candidate.push_back(i == 499 ? 1000 : scores.baseline.back());  // a tie with one positive
    }
    return scores;
  };
  EXPECT_EQ(judged_auc(made, "{class: right, margin: 3 %}").outcome, Outcome::inconclusive);
}

TEST(Auc, CountsVectorsOfAGroupOnce) {
  test::TestCase made = scored(1000, 2);
  for (std::uint32_t i = 0; i < 2000; ++i) made.vectors.group.push_back(i / 50);  // 20 of either kind
  const Finding finding = judged_auc(made);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.method, HasSubstr("counted by group"));
}

TEST(Auc, TakesNoVectorThatWasNotDrawnForAFailure) {
  test::TestCase made = scored(1000, 0);
  made.add(60, true, true, 0, 0);
  for (std::size_t i = 2000; i < 2060; ++i) test::TestCase::give(made.candidate, i, Answer::not_run);
  EXPECT_EQ(judged_auc(made).outcome, Outcome::pass);
}

TEST(Auc, RanksAVectorWithoutAnAnswerLast) {
  test::TestCase made = scored(1000, 0);
  EXPECT_EQ(judged_auc(made).outcome, Outcome::pass);
  made.add(60, true, false, 0, 0);  // no scores of these: the outputs were not a number
  for (std::size_t i = 2000; i < 2060; ++i) test::TestCase::give(made.candidate, i, Answer::missing);
  const Finding finding = judged_auc(made);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("60 vectors without an answer rank last"));
}

TEST(Auc, IsUndefinedWithoutPositives) {
  test::TestCase made = test::comparable_case();
  made.add(3, true, true, 0, 1);
  made.comparison.scores = [](std::size_t) {
    return ClassScores{{1, 2, 3}, {1, 2, 3}, {false, false, false}};
  };
  const Finding finding = judged_auc(made);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("AUC of `right` is undefined: 0 of 3 vectors are of the class"));
}

TEST(Auc, IsAnErrorWithoutScoresOrWithoutTheClass) {
  test::TestCase made = test::comparable_case();
  made.add(3, true, true);
  EXPECT_EQ(judged_auc(made).outcome, Outcome::error);
  EXPECT_THAT(judged_auc(made).reason, HasSubstr("run with `results: full`"));
  EXPECT_THAT(judged_auc(made, "{class: wright, margin: 1 %}").reason, HasSubstr("did you mean `right`?"));
}

TEST(Auc, RefusesAPolicyWithoutClassOrMargin) {
  EXPECT_THROW(test::rule_of("auc", "{class: right}"), Error);
  EXPECT_THROW(test::rule_of("auc", "{margin: 1 %}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
