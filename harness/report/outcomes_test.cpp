// SPDX-License-Identifier: Apache-2.0
// Whatever reads one of our formats must not take for a pass what is none: every outcome in every format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "attested.hpp"
#include "testing/report_sample.hpp"

namespace tinyhil::report {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr Outcome kOutcomes[] = {Outcome::pass, Outcome::fail, Outcome::inconclusive, Outcome::error,
                                 Outcome::waived};
constexpr Severity kSeverities[] = {Severity::critical, Severity::major, Severity::minor};

// The wake word sample with one candidate and one rule.
test::ReportSample sample_of(Outcome outcome, Severity severity) {
  test::ReportSample sample = test::wake_word_sample();
  sample.verdicts.resize(1);
  sample.scorecards.resize(2);
  Verdict& verdict = sample.verdicts[0];
  Finding finding;
  finding.rule = "accuracy";
  finding.kind = "noninferiority";
  finding.severity = severity;
  finding.outcome = outcome;
  finding.reason = "because";
  verdict.findings = {finding};
  verdict.outcome = worst(verdict.findings);
  return sample;
}

Attested attested(const test::ReportSample& sample) {
  return {sample.report(), {{"gate.yaml", sha256("gate")}}, sha256("head"), "2026-11-23T14:05:09Z", {},
          "0.1.0"};
}

Json statement_of(const test::ReportSample& sample) {
  return Json::parse(render_statement(attested(sample)));
}
Json sarif_of(const test::ReportSample& sample) {
  return Json::parse(render_sarif(sample.report()))["runs"][0];
}

// All pairs of outcome and severity, each named when it fails.
template <class Check>
void for_each_outcome(const Check& check) {
  for (const Outcome outcome : kOutcomes) {
    for (const Severity severity : kSeverities) {
      SCOPED_TRACE(std::string(to_string(outcome)) + ", " + to_string(severity));
      check(outcome, severity);
    }
  }
}

TEST(EveryOutcome, IsPassedInTheStatementOnlyWhenItPasses) {
  for_each_outcome([](Outcome outcome, Severity severity) {
    const Json predicate = statement_of(sample_of(outcome, severity))["predicate"];
    const bool warns =
        outcome == Outcome::waived || (outcome != Outcome::pass && severity == Severity::minor);
    const char* result = outcome == Outcome::pass ? "PASSED" : warns ? "WARNED" : "FAILED";
    EXPECT_EQ(predicate["result"], result);
    EXPECT_EQ(predicate["passedTests"].size(), outcome == Outcome::pass ? 1u : 0u);
    EXPECT_EQ(predicate["warnedTests"].size(), warns ? 1u : 0u);
    EXPECT_EQ(predicate["failedTests"].size(), outcome == Outcome::pass || warns ? 0u : 1u);
  });
}

TEST(EveryOutcome, RaisesALevelInSarifUnlessItPasses) {
  for_each_outcome([](Outcome outcome, Severity severity) {
    const Json run = sarif_of(sample_of(outcome, severity));
    bool raised = false;
    for (const Json& result : run["results"]) {
      raised = raised || result["level"] != "none";
      // The standard: anything but a fail has level none.
      if (result["kind"] != "fail") {
        EXPECT_EQ(result["level"], "none");
      }
      EXPECT_EQ(result.contains("suppressions"), outcome == Outcome::waived);
    }
    EXPECT_EQ(raised, outcome != Outcome::pass);
    EXPECT_EQ(run["invocations"][0]["executionSuccessful"], outcome != Outcome::error);
  });
}

TEST(EveryOutcome, IsAFailureOrErrorInJUnitUnlessItPassesIsWaivedOrOnlyWarns) {
  for_each_outcome([](Outcome outcome, Severity severity) {
    const std::string text = render_junit(sample_of(outcome, severity).report());
    const bool red = text.find("<failure") != std::string::npos || text.find("<error") != std::string::npos;
    EXPECT_EQ(red, outcome != Outcome::pass && outcome != Outcome::waived && severity != Severity::minor);
    EXPECT_THAT(text, Not(HasSubstr("<skipped")));
    EXPECT_THAT(text, HasSubstr(std::string("name=\"outcome\" value=\"") + to_string(outcome)));
  });
}

TEST(EveryOutcome, IsTheOneStateThatIsSetInOpenMetrics) {
  for_each_outcome([](Outcome outcome, Severity severity) {
    const std::string text = render_openmetrics(sample_of(outcome, severity).report());
    for (const Outcome state : kOutcomes) {
      const std::string sample = std::string("severity=\"") + to_string(severity) + "\",tinyhil_rule=\"" +
                                 to_string(state) + "\"} " + (state == outcome ? "1" : "0") + "\n";
      EXPECT_THAT(text, HasSubstr(sample));
    }
  });
}

TEST(EveryOutcome, IsSaidInThePagesForPeople) {
  for_each_outcome([](Outcome outcome, Severity severity) {
    const test::ReportSample sample = sample_of(outcome, severity);
    EXPECT_THAT(render_html(sample.report()), HasSubstr(to_string(outcome)));
    if (outcome != Outcome::pass) {
      EXPECT_THAT(render_markdown(sample.report()), HasSubstr("because"));
    }
  });
}

TEST(Statement, IsAboutImageAndCandidateAndNamesItsInputs) {
  const test::ReportSample sample = sample_of(Outcome::pass, Severity::critical);
  const Json statement = statement_of(sample);
  EXPECT_EQ(statement["_type"], "https://in-toto.io/Statement/v1");
  EXPECT_EQ(statement["predicateType"], "https://in-toto.io/attestation/test-result/v0.1");
  ASSERT_EQ(statement["subject"].size(), 2u);
  EXPECT_EQ(statement["subject"][0]["digest"]["sha256"], sample.scorecards[0].info.board.image.hex());
  EXPECT_EQ(statement["subject"][1]["digest"]["sha256"], sample.scorecards[1].info.model_digest.hex());
  EXPECT_EQ(statement["predicate"]["configuration"][0]["name"], "gate.yaml");
}

TEST(Statement, OfNoVerdictFailed) {
  const test::ReportSample sample = test::empty_sample();
  EXPECT_EQ(statement_of(sample)["predicate"]["result"], "FAILED");
  EXPECT_FALSE(statement_of(sample)["subject"].empty());
}

TEST(Statement, IsFailedWhenTheVerdictIsWorseThanItsRules) {
  test::ReportSample sample = sample_of(Outcome::pass, Severity::critical);
  sample.verdicts[0].outcome = Outcome::inconclusive;
  EXPECT_EQ(statement_of(sample)["predicate"]["result"], "FAILED");
}

TEST(Detail, HoldsEveryNumberAndSaysThatNobodySigned) {
  const test::ReportSample sample = sample_of(Outcome::fail, Severity::critical);
  const Json predicate = Json::parse(render_detail(attested(sample)))["predicate"];
  EXPECT_EQ(predicate["signed_by"], nullptr);
  EXPECT_EQ(predicate["verdicts"], Json::parse(render_json(sample.report()))["verdicts"]);
  EXPECT_EQ(predicate["chain_head"], sha256("head").hex());
  EXPECT_EQ(predicate["read_back"][0]["image_read_back"], sample.scorecards[0].info.board.image.hex());
}

TEST(Sarif, OfAVerdictThatNoRuleExplainsHasAResultForIt) {
  test::ReportSample sample = sample_of(Outcome::pass, Severity::critical);
  sample.verdicts[0].outcome = Outcome::error;
  const Json run = sarif_of(sample);
  EXPECT_EQ(run["results"].back()["ruleId"], "verdict");
  EXPECT_EQ(run["results"].back()["level"], "error");
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
}

TEST(Sarif, OfNoVerdictIsNoSuccess) {
  EXPECT_EQ(sarif_of(test::empty_sample())["invocations"][0]["executionSuccessful"], false);
}

TEST(OpenMetrics, EndsAsItMustWhateverTheNames) {
  for (const test::ReportSample& sample :
       {test::wake_word_sample(), test::hostile_sample(), test::empty_sample()})
    EXPECT_TRUE(render_openmetrics(sample.report()).ends_with("# EOF\n"));
}

TEST(Evidence, IsNamedOnThePagesOfABundle) {
  const test::ReportSample sample = test::wake_word_sample();
  Report report = sample.report();
  report.evidence = "unsigned";
  EXPECT_THAT(render_html(report), HasSubstr("evidence</dt><dd>unsigned"));
  EXPECT_THAT(render_markdown(report), HasSubstr("Evidence: unsigned"));
}

}  // namespace
}  // namespace tinyhil::report
