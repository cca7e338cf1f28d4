// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

Finding judged_accuracy(const test::TestCase& made, std::string_view keys) {
  return test::rule_of("accuracy", keys)->judge(made.evidence());
}

test::TestCase right_of(std::size_t right, std::size_t n) {
  test::TestCase made = test::comparable_case();
  made.add(right, true, true);
  made.add(n - right, true, false);
  return made;
}

TEST(Accuracy, PassesWhenItsBoundIsAboveTheFloor) {
  const Finding finding = judged_accuracy(right_of(570, 600), "at_least: 93 %");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.reason,
              HasSubstr("accuracy is 95 % (90 % interval 93.28 % .. 96.38 %, 570 of 600 right); at "
                        "least 93 % asked"));
}

TEST(Accuracy, IsUndecidedBetweenItsBoundsAndSaysHowManyMore) {
  const Finding finding = judged_accuracy(right_of(570, 600), "at_least: 94 %");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_GT(finding.checks.at(0).more_vectors, 0u);
}

TEST(Accuracy, FailsBelowTheFloorHoweverBadTheBaselineIs) {
  test::TestCase made = test::comparable_case();
  made.add(500, false, true);
  made.add(100, false, false);
  EXPECT_EQ(judged_accuracy(made, "at_least: 90 %").outcome, Outcome::fail);
}

TEST(Accuracy, CountsAVectorWithoutAnAnswerAsWrong) {
  test::TestCase made = right_of(600, 600);
  for (std::size_t i = 0; i < 60; ++i) test::TestCase::give(made.candidate, i, Answer::missing);
  EXPECT_EQ(judged_accuracy(made, "at_least: 93 %").outcome, Outcome::fail);
}

TEST(Accuracy, OfOneClassIsItsRecall) {
  test::TestCase made = right_of(900, 900);
  made.add(50, true, true, 0, 1);
  made.add(50, true, false, 0, 1);
  EXPECT_EQ(judged_accuracy(made, "at_least: 90 %").outcome, Outcome::pass);
  const Finding finding = judged_accuracy(made, "{at_least: 90 %, class: wrong}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("recall of `wrong` is 50 %"));
}

TEST(Accuracy, OverClassesHoldsForEveryClass) {
  test::TestCase made = right_of(900, 900);
  made.add(50, true, true, 0, 1);
  made.add(50, true, false, 0, 1);
  const Finding finding = judged_accuracy(made, "{at_least: 90 %, over: classes}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.checks.size(), 2u);
  EXPECT_EQ(finding.checks.at(0).subject, "recall of `wrong`");
}

TEST(Accuracy, OverASliceHoldsForEachValueAndSmallOnesAreUndecided) {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"accent", {"us", "scottish"}, {}}};
  made.add(600, true, true, 0);
  made.add(10, true, true, 1);
  const Finding finding = judged_accuracy(made, "{at_least: 90 %, over: accent}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("accuracy, accent = scottish"));
}

// With 20 values at the floor, one is below its own bound by chance more often than not.
TEST(Accuracy, FailsAtMostAlphaOfCandidatesOfTwentyValuesAtTheFloor) {
  std::uint32_t state = 1;
  int failed = 0, passed = 0;
  for (int round = 0; round < 200; ++round) {
    test::TestCase made = test::comparable_case();
    made.vectors.slices = {{"unit", {}, {}}};
    for (int value = 0; value < 20; ++value) made.vectors.slices[0].values.push_back(std::to_string(value));
    for (std::uint16_t value = 0; value < 20; ++value) {
      std::size_t right = 0;
      for (int i = 0; i < 60; ++i) right += ((state = state * 1664525 + 1013904223) >> 8) % 10 != 0 ? 1U : 0U;
      made.add(right, true, true, value);
      made.add(60 - right, true, false, value);
    }
    const Outcome outcome = judged_accuracy(made, "{at_least: 90 %, over: unit}").outcome;
    failed += outcome == Outcome::fail ? 1 : 0;
    passed += outcome == Outcome::pass ? 1 : 0;
  }
  EXPECT_LE(failed, 17);  // 5 % of 200, and what chance adds in 97.5 of 100 cases
  EXPECT_EQ(passed, 0);
}

TEST(Accuracy, GroupsAreWhatIsCounted) {
  test::TestCase made = right_of(600, 600);
  EXPECT_EQ(judged_accuracy(made, "at_least: 97 %").outcome, Outcome::pass);
  for (std::uint32_t i = 0; i < 600; ++i) made.vectors.group.push_back(i / 60);
  const Finding finding = judged_accuracy(made, "at_least: 97 %");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("600 of 600 right in 10 groups"));
}

TEST(Accuracy, AClassThatTheVectorsLackIsAnError) {
  EXPECT_EQ(judged_accuracy(right_of(60, 60), "{at_least: 90 %, class: wake}").outcome, Outcome::error);
}

}  // namespace
}  // namespace tinyhil::gate
