// SPDX-License-Identifier: Apache-2.0
#include "sense.hpp"
#include "model/exit_code.hpp"

#include <gmock/gmock.h>

#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Vectors of one class with the answers that both models give.
void add(test::TestCase& made, std::size_t count, std::uint16_t label, std::uint16_t baseline,
         std::uint16_t candidate) {
  made.add(count, baseline == label, candidate == label, 0, label);
  std::fill_n(made.baseline.predicted.end() - static_cast<std::ptrdiff_t>(count), count, baseline);
  std::fill_n(made.candidate.predicted.end() - static_cast<std::ptrdiff_t>(count), count, candidate);
}

Policy policy(SenseLevels checks = SenseLevels()) {
  Policy made;
  made.name = "p";
  made.checks = std::move(checks);
  PolicyRule& rule = made.rules.emplace_back();
  rule.id = "accuracy";
  rule.test = "noninferiority";
  rule.rule = test::rule_of("noninferiority", "margin: 3 %");
  return made;
}

Policy policy(const std::string& checks) { return policy(SenseLevels(Section::parse(checks, "gate.yaml"))); }

std::vector<std::string> seen(const test::TestCase& made, const Policy& by = policy()) {
  std::vector<std::string> names;
  for (const Finding& finding : sense_findings(by, made.evidence()))
    names.push_back(finding.rule + " " + to_string(finding.severity) + " " + to_string(finding.outcome));
  return names;
}

// Of three classes, `right` of 100 each answered rightly by both.
test::TestCase of_three(std::size_t right) {
  test::TestCase made = test::comparable_case();
  made.vectors.classes = {"wake", "stop", "noise"};
  for (std::uint16_t label = 0; label < 3; ++label) {
    const auto other = static_cast<std::uint16_t>((label + 1) % 3),
               third = static_cast<std::uint16_t>((label + 2) % 3);
    add(made, right, label, label, label);
    add(made, (100 - right) / 2, label, other, third);
    add(made, 100 - right - (100 - right) / 2, label, third, other);
  }
  return made;
}

TEST(SenseChecks, SeeNothingInModelsThatWork) {
  EXPECT_THAT(seen(of_three(80)), IsEmpty());
  EXPECT_THAT(seen(of_three(42)), IsEmpty());
}

TEST(SenseChecks, LabelsInAnotherOrderAreAnError) {
  test::TestCase made = test::comparable_case();
  made.vectors.classes = {"wake", "stop", "noise"};
  for (std::uint16_t label = 0; label < 3; ++label) {
    add(made, 95, label, static_cast<std::uint16_t>((label + 1) % 3),
        static_cast<std::uint16_t>((label + 1) % 3));
    add(made, 5, label, label, label);
  }
  EXPECT_THAT(seen(made), ElementsAre("checks: label_order critical error"));
  const Verdict verdict = judge(policy(), made.facts(), Moment());
  EXPECT_EQ(verdict.outcome, Outcome::error);
  EXPECT_EQ(exit_code(verdict), ExitCode::usage);
  EXPECT_THAT(verdict.reason,
              HasSubstr("vectors labelled `wake` are mostly answered `stop`, and with the classes put "
                        "in the order of its answers 285 of 300 vectors are right instead of 15"));
}

TEST(SenseChecks, ABaselineThatGuessesIsAnError) {
  EXPECT_THAT(seen(of_three(33)), ElementsAre("checks: chance critical error"));
}

TEST(SenseChecks, ADetectorOfRareEventsDoesNotGuess) {
  test::TestCase made =
      test::comparable_case();  // 97.4 % right, where always answering the other class is right on 98 %
  add(made, 960, 0, 0, 0);
  add(made, 20, 0, 1, 1);
  add(made, 17, 1, 1, 1);
  add(made, 3, 1, 0, 0);
  EXPECT_THAT(seen(made), IsEmpty());
}

TEST(SenseChecks, OneAnswerForEverythingIsAnErrorOfTheBaselineAndAFailOfTheCandidate) {
  test::TestCase both = test::comparable_case();
  add(both, 490, 0, 0, 0);
  add(both, 10, 1, 0, 0);
  EXPECT_THAT(seen(both), ElementsAre("checks: chance critical error", "checks: one_answer critical error",
                                      "checks: one_answer critical fail"));
  test::TestCase candidate = test::comparable_case();
  add(candidate, 490, 0, 0, 0);
  add(candidate, 10, 1, 1, 0);
  EXPECT_THAT(seen(candidate),
              ElementsAre("checks: one_answer critical fail", "checks: lost_class critical fail"));
  const Verdict verdict = judge(policy(), candidate.facts(), Moment());
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_EQ(exit_code(verdict), ExitCode::fail);
}

TEST(SenseChecks, ARareClassThatIsNeverFoundIsAFailOnceThatIsNoChance) {
  test::TestCase made = of_three(80);
  made.vectors.classes.push_back("alarm");
  add(made, 3, 3, 3, 0);
  EXPECT_THAT(seen(made), ElementsAre("checks: lost_class minor inconclusive"));
  add(made, 6, 3, 3, 0);
  EXPECT_THAT(seen(made), ElementsAre("checks: lost_class critical fail"));
}

TEST(SenseChecks, ACandidateThatIsFarBetterWarns) {
  test::TestCase made = of_three(60);
  for (std::uint16_t label = 0; label < 3; ++label)
    add(made, 100, label, static_cast<std::uint16_t>((label + 1) % 3), label);
  for (std::uint16_t label = 0; label < 3; ++label) add(made, 200, label, label, label);
  EXPECT_THAT(seen(made), ElementsAre("checks: swapped minor inconclusive"));
  const Verdict verdict = judge(policy(), made.facts(), Moment());
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_THAT(verdict.reason, AllOf(StartsWith("1 of 1 rules pass"),
                                    HasSubstr("; warning: checks: swapped: the candidate is ")));
}

TEST(SenseChecks, ThePolicySaysWhatItMeans) {
  EXPECT_THAT(seen(of_three(33), policy("chance: warn")), ElementsAre("checks: chance minor inconclusive"));
  EXPECT_THAT(seen(of_three(33), policy("chance: off")), IsEmpty());
  EXPECT_THROW(policy("chanse: off"), Error);
  EXPECT_THROW(policy("chance: no"), Error);
}

TEST(SenseChecks, LabelsDoNotMatterWhereNoRuleGoesByThem) {
  Policy latency = policy();
  latency.rules[0].rule = test::rule_of("memory", "{metric: arena_used, limit: 1 KiB}");
  EXPECT_THAT(seen(of_three(33), latency), IsEmpty());
}

TEST(SenseChecks, WhatWasKnownBeforeTheRunIsRepeatedInTheVerdict) {
  const test::TestCase made = of_three(80);
  const std::vector<Mistake> warnings = {
      {"100 of 200 vectors equal an earlier one", "group them", kNearCopiesCheck}};
  Evidence evidence = made.evidence();
  evidence.warnings = warnings;
  const std::vector<Finding> found = sense_findings(policy(), evidence);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].rule, "checks: near_copies");
  EXPECT_EQ(found[0].severity, Severity::minor);
  EXPECT_EQ(found[0].reason, "100 of 200 vectors equal an earlier one");
}

}  // namespace
}  // namespace tinyhil::gate
