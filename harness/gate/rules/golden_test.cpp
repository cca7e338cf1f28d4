// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "gate/test_evidence.hpp"
#include "model/error.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

Finding judged(const std::optional<GoldenScore>& golden, const char* yaml, std::uint64_t failed = 0) {
  TestCase made = comparable_case();
  made.candidate.golden = golden;
  made.candidate.inferences = golden ? golden->compared : 0;
  made.candidate.failed_inferences = failed;
  return rule_of("golden", yaml)->judge(made.evidence());
}

constexpr const char* kExact = "{max_lsb: 0, allow_fraction: 0 %}";

TEST(GoldenRule, PassesWhenNothingDiffers) {
  EXPECT_EQ(judged(GoldenScore{490, 0, 0, {}}, kExact).outcome, Outcome::pass);
}

TEST(GoldenRule, FailsOnASingleStepAndNamesThePlace) {
  const Finding finding = judged(GoldenScore{490, 1, 1, GoldenMismatch{17, 3, -5, -4}}, kExact);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(
      finding.reason,
      "outputs differ by up to 1 LSB; at most 0 allowed (n = 490); first at vector 17, element 3: -4 instead "
      "of -5");
}

TEST(GoldenRule, AllowsAShareOfSmallDifferences) {
  const char* yaml = "{max_lsb: 1, allow_fraction: 2 %}";
  EXPECT_EQ(judged(GoldenScore{500, 10, 1, GoldenMismatch{}}, yaml).outcome, Outcome::pass);
  EXPECT_EQ(judged(GoldenScore{500, 11, 1, GoldenMismatch{}}, yaml).outcome, Outcome::fail);
  EXPECT_EQ(judged(GoldenScore{500, 1, 2, GoldenMismatch{}}, yaml).outcome, Outcome::fail);
}

TEST(GoldenRule, AllowsAnyShareWhenOnlyTheSizeIsLimited) {
  EXPECT_EQ(judged(GoldenScore{500, 500, 1, GoldenMismatch{}}, "max_lsb: 1").outcome, Outcome::pass);
}

TEST(GoldenRule, IsAnErrorWithoutGoldenOutputsOrComparisons) {
  EXPECT_EQ(judged(std::nullopt, kExact).outcome, Outcome::error);
  EXPECT_EQ(judged(GoldenScore{}, kExact).outcome, Outcome::error);
}

TEST(GoldenRule, FailsWhenAnInferenceGaveNoOutput) {
  const Finding finding = judged(GoldenScore{489, 0, 0, {}}, kExact, 1);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("1 of 490 inferences failed"));
}

TEST(GoldenRule, RefusesAShareOfDifferencesOfNoSize) {
  EXPECT_THROW(rule_of("golden", "{max_lsb: 0, allow_fraction: 1 %}"), Error);
  EXPECT_THROW(rule_of("golden", "allow_fraction: 1 %"), Error);
  EXPECT_THROW(rule_of("golden", "{max_lsb: -1}"), Error);
}

}  // namespace
}  // namespace tinyhil
