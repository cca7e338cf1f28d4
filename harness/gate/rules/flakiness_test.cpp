// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

// [s]: vectors of which s repeats were right.
Finding judged_flakiness(std::vector<std::uint64_t> by_right, const char* yaml = "{k: 2, at_least: 90 %}") {
  test::TestCase made = test::comparable_case();
  made.candidate.info.repeats = static_cast<int>(by_right.size()) - 1;
  made.candidate.by_right_repeats = std::move(by_right);
  return test::rule_of("flakiness", yaml)->judge(made.evidence());
}

TEST(Flakiness, PassesWhenVectorsAreRightEveryTime) {
  const Finding finding = judged_flakiness({10, 0, 10, 980});
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_NEAR(*finding.checks.at(0).estimate, (980 + 10.0 / 3) / 1000, 1e-12);  // C(2, 2) / C(3, 2) = 1 / 3
  EXPECT_THAT(finding.reason,
              HasSubstr("2 answers in a row are all right for 98.33 % of the vectors (90 % "));
  EXPECT_THAT(finding.reason,
              HasSubstr("n = 1000 vectors of 3 repeats, 980 of them right every time); at least 90 "
                        "% asked"));
}

TEST(Flakiness, FailsOnAnswersThatChange) {
  EXPECT_EQ(judged_flakiness({0, 400, 0, 600}).outcome, Outcome::fail);
}

TEST(Flakiness, IsUndecidedOnFewVectorsHoweverManyRepeats) {
  std::vector<std::uint64_t> by_right(101);
  by_right[100] = 20;  // 20 vectors of 100 repeats are 20 vectors
  EXPECT_EQ(judged_flakiness(by_right).outcome, Outcome::inconclusive);
}

TEST(Flakiness, IsAnErrorWithFewerRepeatsThanItAsksFor) {
  const Finding finding = judged_flakiness({0, 400});
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_EQ(
      finding.reason,
      "2 right in a row cannot be seen in 1 repeats of a vector: set `repeats: 2` or more in the campaign");
}

TEST(Flakiness, RefusesAPolicyThatAsksNothing) {
  EXPECT_THROW(test::rule_of("flakiness", "{k: 3}"), Error);
  EXPECT_THROW(test::rule_of("flakiness", "{k: 0, at_least: 90 %}"), Error);
  EXPECT_THROW(test::rule_of("flakiness", "{k: 3, at_least: 100 %}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
