// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The wake word sample's passing candidate with one rule of this outcome.
std::string junit_of(Outcome outcome, Severity severity) {
  test::ReportSample sample = test::wake_word_sample();
  Verdict& verdict = sample.verdicts[0];
  verdict.findings = {{"rule", "noninferiority", "", severity, outcome, "because", {}}};
  verdict.outcome = worst(verdict.findings);
  sample.verdicts.resize(1);
  return render_junit(sample.report());
}

TEST(JUnit, CountsASuiteACandidateAndACaseARule) {
  EXPECT_THAT(render_junit(test::wake_word_sample().report()),
              AllOf(HasSubstr("<testsuite name=\"v2-wide\" tests=\"6\" failures=\"0\" errors=\"0\""),
                    HasSubstr("<testsuite name=\"v3-pruned\" tests=\"6\" failures=\"2\" errors=\"0\""),
                    HasSubstr("<testcase classname=\"wake_word.v3-pruned\" name=\"accents\">")));
}

TEST(JUnit, AFailIsAFailure) {
  EXPECT_THAT(
      junit_of(Outcome::fail, Severity::critical),
      AllOf(HasSubstr("<failure type=\"noninferiority\" message=\"because\">"), HasSubstr("failures=\"1\"")));
}

TEST(JUnit, SaysInTheFailureWhatWouldChangeIt) {
  EXPECT_THAT(render_junit(test::wake_word_sample().report()),
              AllOf(HasSubstr("25 gained\nwhat would change it: all vectors: would pass with a limit of "
                              "-4 points; its lower bound is 1.9 points off</failure>"),
                    HasSubstr("\nwhat would change it: accent = nigerian: about 64 more vectors")));
}

TEST(JUnit, InconclusiveAndErrorAreErrorsAndNeverSkipped) {
  EXPECT_THAT(junit_of(Outcome::inconclusive, Severity::major),
              AllOf(HasSubstr("<error type=\"inconclusive\" message=\"because\">"), HasSubstr("errors=\"1\""),
                    Not(HasSubstr("<skipped"))));
  EXPECT_THAT(junit_of(Outcome::error, Severity::major),
              HasSubstr("<error type=\"error\" message=\"because\">"));
}

TEST(JUnit, AWaivedRulePassesWithAProperty) {
  EXPECT_THAT(junit_of(Outcome::waived, Severity::critical),
              AllOf(HasSubstr("<property name=\"outcome\" value=\"waived\"/>"), Not(HasSubstr("<failure")),
                    Not(HasSubstr("<error"))));
}

TEST(JUnit, SaysWhoAnswersForAWaivedRuleAndPutsItFirst) {
  test::ReportSample sample = test::wake_word_sample();
  Verdict& verdict = sample.verdicts[0];
  Finding& late = verdict.findings.back();
  late.rule = "late";
  late.outcome = Outcome::waived;
  late.waivers = {{true, "ECO-118", "j.doe", "qa-lead", "2027-03-31", false, ""}};
  const std::string junit = render_junit(sample.report());
  EXPECT_THAT(junit, AllOf(HasSubstr("<property name=\"waiver.owner\" value=\"j.doe\"/>"),
                           HasSubstr("<property name=\"waiver.approved_by\" value=\"qa-lead\"/>"),
                           HasSubstr("<property name=\"waiver.expires\" value=\"2027-03-31\"/>")));
  EXPECT_LT(junit.find("name=\"late\""), junit.find("name=\"" + verdict.findings.front().rule + "\""));
}

TEST(JUnit, AMinorRuleOnlyWarnsAsInTheVerdict) {
  EXPECT_THAT(junit_of(Outcome::fail, Severity::minor),
              AllOf(HasSubstr("<property name=\"outcome\" value=\"fail\"/>"), Not(HasSubstr("<failure")),
                    HasSubstr("fail: because")));
}

TEST(JUnit, IsNeverGreenerThanItsVerdict) {
  test::ReportSample sample = test::wake_word_sample();
  sample.verdicts[0].outcome = Outcome::error;
  sample.verdicts[0].reason = "the baseline never ran";
  EXPECT_THAT(render_junit(sample.report()),
              AllOf(HasSubstr("name=\"v2-wide\" tests=\"7\" failures=\"0\" errors=\"1\""),
                    HasSubstr("name=\"verdict\"><error type=\"error\" message=\"the baseline never ran\">")));
}

TEST(JUnit, SaysWhatWasTestedOnWhat) {
  const test::ReportSample sample = test::wake_word_sample();
  EXPECT_THAT(
      render_junit(sample.report()),
      AllOf(HasSubstr("<property name=\"board\" value=\"m4\"/>"),
            HasSubstr("<property name=\"provenance\" value=\"emulated\"/>"),
            HasSubstr("name=\"image.digest\" value=\"" + sample.scorecards[0].info.board.image.hex()),
            HasSubstr("name=\"model.digest\" value=\"" + sample.scorecards[1].info.model_digest.hex()),
            HasSubstr("name=\"vectors.digest\" value=\"" + sample.vectors.digest.hex())));
}

TEST(JUnit, EscapesNames) {
  EXPECT_THAT(render_junit(test::hostile_sample().report()), Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace tinyhil::report
