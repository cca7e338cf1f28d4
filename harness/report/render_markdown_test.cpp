// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Comment, LeadsWithTheVerdictOfEveryCandidate) {
  const std::string comment = render_markdown(test::wake_word_sample().report());
  EXPECT_THAT(
      comment,
      AllOf(HasSubstr("## wake\\_word: v3-pruned fails, v2-wide passes"),
            HasSubstr("| ❌ **fail** | v3-pruned | v1-shipped | accuracy: all vectors is 3.0 points worse"),
            HasSubstr("| ✅ **pass** | v2-wide |")));
  EXPECT_LT(comment.find("❌"), comment.find("✅"));
}

TEST(Comment, StatesTheErrorOfAllCandidatesTogether) {
  test::ReportSample sample = test::wake_word_sample();
  for (Verdict& verdict : sample.verdicts) verdict.alpha = 0.05;
  EXPECT_THAT(
      render_markdown(sample.report()),
      HasSubstr("2 candidates, each judged at alpha 5.0 %: at least one that breaks a rule passes with a "
                "chance of 10.0 % at most"));
  sample.verdicts.pop_back();
  EXPECT_THAT(render_markdown(sample.report()), Not(HasSubstr("each judged at alpha")));
}

TEST(Comment, ListsOnlyChecksThatDidNotPass) {
  const std::string comment = render_markdown(test::wake_word_sample().report());
  EXPECT_THAT(comment,
              AllOf(HasSubstr("| accent = scottish | −12.84 pts | −18.01 to −8.64 pts | −5 pts | 148 |"),
                    HasSubstr("| ❔ inconclusive | v3-pruned | accents | accent = nigerian |"),
                    Not(HasSubstr("| ✅ pass |"))));
}

TEST(Comment, SaysWhatWouldChangeEveryVerdictAndAllThatDidNotPass) {
  EXPECT_THAT(
      render_markdown(test::wake_word_sample().report()),
      AllOf(
          HasSubstr("| all vectors: would pass with a limit of -4 points; its lower bound is 1.9 points off "
                    "| 4 of 6 rules pass |"),
          HasSubstr("1641 more bytes would make it fail | 6 of 6 rules pass |"),
          HasSubstr("| 112 | about 64 more vectors of accent = nigerian would be expected to decide, 3.1 s "
                    "of board time")));
}

TEST(Comment, KeepsTheReasonOfARuleWithoutChecks) {
  test::ReportSample sample = test::wake_word_sample();
  sample.verdicts[0].findings = {{"baseline",
                                  "noninferiority",
                                  "not applied",
                                  Severity::critical,
                                  Outcome::error,
                                  "the baseline is missing",
                                  {}}};
  EXPECT_THAT(render_markdown(sample.report()),
              HasSubstr("| ⚠️ error | v2-wide | baseline | the baseline is missing |"));
}

TEST(Comment, ShowsSlicesOfAllModelsSideBySide) {
  EXPECT_THAT(render_markdown(test::wake_word_sample().report()),
              AllOf(HasSubstr("| slice | n | v1-shipped (baseline) | v2-wide | v3-pruned |"),
                    HasSubstr("| accent = scottish | 148 | 91.9 % | 93.2 % | **79.1 %** lowest |")));
}

TEST(Comment, TakesNamesLiterallyAndNotifiesNobody) {
  const std::string comment = render_markdown(test::hostile_sample().report());
  EXPECT_THAT(comment, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("@all")), HasSubstr("@&#8203;all"),
                             HasSubstr("\\| \\`")));
}

TEST(Comment, KeepsEveryTableRowOnOneLine) {
  test::ReportSample sample = test::wake_word_sample();
  sample.verdicts[1].reason = "first\nsecond\r\nthird";
  EXPECT_THAT(render_markdown(sample.report()), HasSubstr("| first second  third |"));
}

TEST(Comment, CallsEmulatedLatencyByItsName) {
  EXPECT_THAT(render_markdown(test::wake_word_sample().report()),
              HasSubstr("instruction-count time, not silicon"));
}

TEST(Comment, StaysBelowTheLimitOfAPullRequestComment) {
  test::ReportSample sample = test::wake_word_sample();
  sample.scorecards[0].slices.assign(5000, {"speaker", std::string(500, '*'), {9, 10, {0.6, 0.98}}});
  for (std::size_t i = 0; i < 5000; ++i) sample.scorecards[0].slices[i].value += std::to_string(i);
  Verdict failing = sample.verdicts[1];
  failing.findings[1].checks.assign(3000, failing.findings[1].checks[3]);
  sample.verdicts.assign(50, failing);
  const std::string comment = render_markdown(sample.report());
  EXPECT_LT(comment.size(), 65'536u);
  EXPECT_THAT(comment, AllOf(HasSubstr("❌ **fail**"), HasSubstr("lines left out; report.json has all.")));
}

TEST(Comment, StandsWithNothingToReport) {
  EXPECT_THAT(render_markdown(test::empty_sample().report()), HasSubstr("## empty: no candidate was judged"));
}

TEST(Markdown, TellsFirstWhatIsWaivedAndByWhom) {
  test::ReportSample sample = test::wake_word_sample();
  Finding& late = sample.verdicts[0].findings.back();
  late.rule = "late";
  late.outcome = Outcome::waived;
  late.waivers = {{true, "ECO-118", "j.doe", "qa-lead", "2027-03-31", true, ""}};
  const std::string text = render_markdown(sample.report());
  EXPECT_THAT(text, HasSubstr("| late | ECO-118 | j.doe | qa-lead | 2027-03-31 **soon** |"));
  EXPECT_LT(text.find("ECO-118"), text.find("| verdict |"));
}

TEST(Comment, TellsTheControlOnceForAllCandidates) {
  const std::string comment = render_markdown(test::wake_word_sample().report());
  const std::string words =
      "\nA/A control: 64 vectors run twice by the baseline, outputs equal, latency shift 0 us\n";
  const std::size_t at = comment.find(words);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(comment.find(words, at + 1), std::string::npos);
  EXPECT_LT(at, comment.find("### What did not pass"));
}

TEST(Comment, SaysNothingOfAControlThatNoVerdictMentions) {
  test::ReportSample sample = test::wake_word_sample();
  for (Verdict& verdict : sample.verdicts) verdict.control = "";
  EXPECT_THAT(render_markdown(sample.report()), Not(HasSubstr("A/A")));
}

}  // namespace
}  // namespace tinyhil::report
