// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

test::TestCase with_scenarios() {
  test::TestCase made = test::comparable_case();
  made.vectors.slices = {{"scenario", {"nominal", "noisy", "far"}, {}}};
  made.add(950, true, true, 0);
  made.add(50, true, false, 0);
  return made;
}

Finding judged_stress(const test::TestCase& made,
                      const char* yaml = "{scenario: [noisy, far], margin: 5 %}") {
  return test::rule_of("stress", yaml)->judge(made.evidence());
}

TEST(Stress, PassesWhenEveryScenarioHoldsUp) {
  test::TestCase made = with_scenarios();
  for (std::uint16_t scenario : {1, 2}) {
    made.add(940, true, true, scenario);
    made.add(60, true, false, scenario);
  }
  const Finding finding = judged_stress(made);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.reason, HasSubstr("the candidate's accuracy is 94.0 % in scenario `noisy` (n = 1000) "
                                        "against 95.0 % in `nominal` (n = 1000), -1.0 points ("));
  EXPECT_THAT(finding.reason, HasSubstr("at most 5 less allowed"));
  EXPECT_EQ(finding.checks.size(), 2u);
}

TEST(Stress, FailsOnAScenarioThatCostsTooMuch) {
  test::TestCase made = with_scenarios();
  made.add(940, true, true, 1);
  made.add(60, true, false, 1);
  made.add(800, true, true, 2);
  made.add(200, true, false, 2);
  const Finding finding = judged_stress(made);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("80.0 % in scenario `far`"));
}

TEST(Stress, HoldsTheCandidateAgainstItselfNotAgainstTheBaseline) {
  test::TestCase made = with_scenarios();
  for (std::uint16_t scenario : {1, 2}) {
    made.add(940, false, true, scenario);  // the baseline is wrong throughout
    made.add(60, false, false, scenario);
  }
  EXPECT_EQ(judged_stress(made).outcome, Outcome::pass);
}

TEST(Stress, IsUndecidedOnFewVectors) {
  test::TestCase made = with_scenarios();
  made.add(29, true, true, 1);
  made.add(100, true, true, 2);
  const Finding finding = judged_stress(made);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.reason, "scenario = noisy has 29 vectors, 1 more are needed for at least 30");
}

TEST(Stress, AnErrorNamesWhatTheVectorSetLacks) {
  test::TestCase made = with_scenarios();
  EXPECT_THAT(judged_stress(made, "{scenario: [nosy], margin: 5 %}").reason,
              HasSubstr("the slice `scenario` has no value `nosy`; did you mean `noisy`?"));
  EXPECT_EQ(judged_stress(made, "{scenario: [noisy], margin: 5 %, against: usual}").outcome, Outcome::error);
  test::TestCase none = test::comparable_case();
  none.add(400, true, true);
  EXPECT_EQ(judged_stress(none).outcome, Outcome::error);
  EXPECT_THAT(judged_stress(none).reason, HasSubstr("no slice `scenario`"));
}

TEST(Stress, RefusesAPolicyThatComparesNothing) {
  EXPECT_THROW(test::rule_of("stress", "{margin: 5 %}"), Error);
  EXPECT_THROW(test::rule_of("stress", "{scenario: [], margin: 5 %}"), Error);
  EXPECT_THROW(test::rule_of("stress", "{scenario: [nominal], margin: 5 %}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
