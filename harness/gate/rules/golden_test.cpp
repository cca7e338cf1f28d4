// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

Finding judged_golden(const std::optional<GoldenScore>& golden, const char* yaml, std::uint64_t failed = 0) {
  test::TestCase made = test::comparable_case();
  made.candidate.golden = golden;
  made.candidate.inferences = golden ? golden->compared : 0;
  made.candidate.failed_inferences = failed;
  return test::rule_of("golden", yaml)->judge(made.evidence());
}

constexpr const char* kExact = "{max_lsb: 0, allow_fraction: 0 %}";

// Inferences whose largest difference is 0, 1, 2, ... steps.
GoldenScore golden_of(std::vector<std::uint64_t> by_lsb) {
  GoldenScore golden;
  golden.by_lsb = std::move(by_lsb);
  for (std::size_t lsb = 0; lsb < golden.by_lsb.size(); ++lsb) {
    golden.compared += golden.by_lsb[lsb];
    if (lsb > 0 && golden.by_lsb[lsb] > 0) golden.max_lsb = static_cast<std::int32_t>(lsb);
    golden.first_by_lsb.emplace_back();
    // The further off, the later.
    if (lsb > 0 && golden.by_lsb[lsb] > 0)
      golden.first_by_lsb.back() =
          GoldenMismatch{static_cast<std::uint32_t>(16 + lsb), 3, -5, static_cast<std::int32_t>(lsb) - 5};
  }
  golden.differing = golden.compared - golden.by_lsb[0];
  if (golden.differing > 0) golden.first = GoldenMismatch{17, 3, -5, -4};
  return golden;
}

TEST(GoldenRule, PassesWhenNothingDiffers) {
  EXPECT_EQ(judged_golden(golden_of({490}), kExact).outcome, Outcome::pass);
  EXPECT_EQ(judged_golden(golden_of({490}), "{}").outcome, Outcome::pass);
}

TEST(GoldenRule, FailsOnASingleStepAndNamesThePlace) {
  const Finding finding = judged_golden(golden_of({489, 1}), kExact);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.reason,
            "1 of 490 outputs differ by more than 0 LSB (largest 1); at most 0 % allowed; first of them at "
            "vector 17, element 3: -4 instead of -5");
}

TEST(GoldenRule, NamesTheFirstOutputThatIsOffByMoreThanIsAllowed) {
  EXPECT_THAT(
      judged_golden(golden_of({400, 80, 4}), "max_lsb: 1").reason,
      HasSubstr("4 of 484 outputs differ by more than 1 LSB (largest 2); at most 0 % allowed; first of them "
                "at vector 18, element 3: -3 instead of -5"));
}

TEST(GoldenRule, AllowsSmallDifferencesEverywhere) {
  EXPECT_EQ(judged_golden(golden_of({0, 500}), "max_lsb: 1").outcome, Outcome::pass);
  EXPECT_EQ(judged_golden(golden_of({0, 499, 1}), "max_lsb: 1").outcome, Outcome::fail);
}

TEST(GoldenRule, AllowsLargerDifferencesInAShareOfTheOutputs) {
  EXPECT_EQ(judged_golden(golden_of({490, 0, 0, 10}), "{max_lsb: 0, allow_fraction: 2 %}").outcome,
            Outcome::pass);
  EXPECT_EQ(judged_golden(golden_of({489, 0, 0, 11}), "{max_lsb: 0, allow_fraction: 2 %}").outcome,
            Outcome::fail);
  EXPECT_EQ(judged_golden(golden_of({390, 100, 10}), "{max_lsb: 1, allow_fraction: 2 %}").outcome,
            Outcome::pass);
  EXPECT_EQ(judged_golden(golden_of({390, 99, 11}), "{max_lsb: 1, allow_fraction: 2 %}").outcome,
            Outcome::fail);
}

TEST(GoldenRule, SaysHowManyMoreOutputsWouldFail) {
  EXPECT_EQ(judged_golden(golden_of({1490}), kExact).checks.at(0).would_change,
            "1 more of 1,490 outputs off by more than 0 LSB would make it fail");
  EXPECT_EQ(
      judged_golden(golden_of({90, 0, 10}), "{max_lsb: 1, allow_fraction: 29 %}").checks.at(0).would_change,
      "20 more of 100 outputs off by more than 1 LSB would make it fail");
}

TEST(GoldenRule, IsAnErrorWithoutGoldenOutputsOrComparisons) {
  EXPECT_EQ(judged_golden(std::nullopt, kExact).outcome, Outcome::error);
  EXPECT_EQ(judged_golden(GoldenScore{}, kExact).outcome, Outcome::error);
}

TEST(GoldenRule, FailsWhenAnInferenceGaveNoOutput) {
  const Finding finding = judged_golden(golden_of({489}), kExact, 1);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("1 of 490 inferences failed"));
}

TEST(GoldenRule, NeverTakesAQuarantinedInferenceForEqual) {
  test::TestCase made = test::comparable_case();
  made.candidate.golden = golden_of({489});
  made.candidate.inferences = 489;
  made.candidate.quarantined_inferences = 1;
  const Finding finding =
      test::rule_of("golden", "{max_lsb: 255, allow_fraction: 50 %}")->judge(made.evidence());
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.reason,
            "1 of 490 inferences failed and gave no output to compare; 1 of them are quarantined");
}

TEST(GoldenRule, SaysHowMuchOfAnOutputItSaw) {
  test::TestCase made = test::comparable_case();
  made.candidate.golden = golden_of({490});
  made.candidate.info.top_k = 3;
  const Finding finding = test::rule_of("golden", kExact)->judge(made.evidence());
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_THAT(finding.method, HasSubstr("the 3 largest elements of every output"));
}

TEST(GoldenRule, RefusesATolerationOfEverything) {
  EXPECT_THROW(test::rule_of("golden", "allow_fraction: 100 %"), Error);
  EXPECT_THROW(test::rule_of("golden", "{max_lsb: -1}"), Error);
  EXPECT_THROW(test::rule_of("golden", "{max_lsb: 256}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
