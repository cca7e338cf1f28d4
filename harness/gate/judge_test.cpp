// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <numeric>

#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

Policy release_policy(std::vector<std::pair<std::string, std::string>> rules) {
  Policy policy;
  policy.name = "release";
  for (const auto& [test, yaml] : rules) {
    policy.rules.push_back({test + "-rule", test, Severity::critical, test::rule_of(test, yaml)});
  }
  return policy;
}

Policy accuracy_and_faults() {
  return release_policy({{"noninferiority", "margin: 2 %"}, {"no_faults", "{}"}});
}

test::TestCase equal_models() {
  test::TestCase made = test::comparable_case();
  made.add(200, true, true, 0, 0);
  made.add(200, true, true, 0, 1);
  return made;
}

Verdict judged(const test::TestCase& made, const Policy& policy = accuracy_and_faults()) {
  return judge(policy, made.facts(), Moment{});
}

void expect_all(const Verdict& verdict, Outcome outcome, const std::string& part_of_reason) {
  EXPECT_EQ(verdict.outcome, outcome);
  EXPECT_THAT(verdict.reason, HasSubstr(part_of_reason));
  for (const Finding& finding : verdict.findings) EXPECT_EQ(finding.outcome, outcome) << finding.rule;
  EXPECT_EQ(verdict.findings.size(), 2u);
}

TEST(Judge, PassesWhenEveryRulePasses) {
  const Verdict verdict = judged(equal_models());
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_THAT(verdict.reason, StartsWith("2 of 2 rules pass; noninferiority-rule: -"));
  EXPECT_THAT(verdict.reason, HasSubstr(" points at worst, margin 2 (n = "));
  EXPECT_THAT(verdict.reason, EndsWith("alpha 5 %)"));
  EXPECT_EQ(verdict.alpha, 0.05);
  EXPECT_EQ(verdict.candidate, "slim");
  EXPECT_EQ(verdict.baseline, "shipped");
  EXPECT_EQ(verdict.policy, "release");
  EXPECT_EQ(verdict.findings.at(0).rule, "noninferiority-rule");
  EXPECT_EQ(verdict.findings.at(0).kind, "noninferiority");
}

TEST(Judge, GivesTheReasonOfTheRuleThatDecides) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(40, 4, 200);
  const Verdict verdict = judged(made);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_THAT(verdict.reason,
              HasSubstr("noninferiority-rule: accuracy over all vectors is 18.0 points worse"));
}

TEST(Judge, OnlyWarnsAboutMinorRules) {
  test::TestCase made = equal_models();
  Policy policy = release_policy({{"no_faults", "{}"}, {"memory", "{metric: arena_used, limit: 1 KiB}"}});
  policy.rules[1].severity = Severity::minor;
  made.candidate.info.arena_used = 2000;
  const Verdict verdict = judged(made, policy);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_EQ(verdict.reason,
            "1 of 2 rules pass; warning: memory-rule: arena_used is 2000 B; at most 1024 B allowed");
}

TEST(Judge, FailsACandidateWhoseDeviceFailed) {
  test::TestCase made = equal_models();
  made.candidate.state = TrialState::faulted;
  made.candidate.fault = Fault{FaultKind::timeout, "no answer within 10 s", ""};
  made.candidate.inferences = 120;
  expect_all(judged(made), Outcome::fail, "after 120 of 400 inferences: no answer within 10 s (timeout)");
}

TEST(Judge, CallsAnUnpluggedBoardAnErrorAndADeadProcessAFailure) {
  test::TestCase made = equal_models();
  made.candidate.state = TrialState::faulted;
  made.candidate.fault = Fault{FaultKind::gone, "the line ended", ""};
  expect_all(judged(made), Outcome::error, "the line ended");
  made.candidate.info.board.provenance = Provenance::process;
  expect_all(judged(made), Outcome::fail, "the line ended");
}

TEST(Judge, CallsAWrongImageAnError) {
  test::TestCase made = equal_models();
  made.candidate.state = TrialState::faulted;
  made.candidate.fault = Fault{FaultKind::wrong_image, "the board runs another image", ""};
  expect_all(judged(made), Outcome::error, "the board runs another image");
}

TEST(Judge, IsUndecidedAboutATrialThatWasInterruptedOrKilled) {
  test::TestCase made = equal_models();
  made.candidate.inferences = 120;
  for (const TrialState state : {TrialState::interrupted, TrialState::running}) {
    made.candidate.state = state;
    expect_all(judged(made), Outcome::inconclusive, "after 120 of 400 inferences");
  }
}

TEST(Judge, DoesNotBelieveACompleteTrialWithMissingRows) {
  test::TestCase made = equal_models();
  made.candidate.inferences = 399;
  expect_all(judged(made), Outcome::error, "marked complete after 399 of 400");
}

TEST(Judge, IsAnErrorWithoutAWholeBaseline) {
  test::TestCase made = equal_models();
  made.baseline.inferences = 399;
  expect_all(judged(made), Outcome::error, "the baseline `shipped` is incomplete: 399 of 400");
  made = equal_models();
  made.baseline.state = TrialState::interrupted;
  expect_all(judged(made), Outcome::error, "is incomplete");
  made = equal_models();
  made.baseline.state = TrialState::faulted;
  made.baseline.fault = Fault{FaultKind::reset, "it restarted", ""};
  expect_all(judged(made), Outcome::error, "nothing to compare with: it restarted");
  made = equal_models();
  made.baseline.inferences = 399;
  made.baseline.failed_inferences = 1;
  test::TestCase::give(made.baseline, 7, Answer::missing);
  expect_all(judged(made), Outcome::error, "gave no answer to 1 vectors");
}

TEST(Judge, DoesNotCompareWithABaselineThatCrashedOnAVector) {
  test::TestCase made = equal_models();
  made.baseline.quarantined_inferences = 1;
  made.baseline.inferences -= 1;
  made.baseline.quarantined = {7};
  test::TestCase::give(made.baseline, 7, Answer::quarantined);
  expect_all(judged(made), Outcome::error,
             "the baseline `shipped` crashed or hung twice on each of 1 vectors");
}

TEST(Judge, CountsAQuarantinedVectorOfTheCandidateAsWrong) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(40, 0, 400);
  made.add(50, true, true, 0, 1);  // two classes, or the baseline would be no better than one answer for all
  made.candidate.quarantined_inferences = 40;
  made.candidate.inferences -= 40;
  for (std::uint32_t vector = 0; vector < 40; ++vector) {
    made.candidate.quarantined.push_back(vector);
    test::TestCase::give(made.candidate, vector, Answer::quarantined);
  }
  expect_all(judged(made), Outcome::fail, "8.9 points worse");
}

TEST(Judge, RefusesUnlikeVectors) {
  test::TestCase made = equal_models();
  made.baseline.info.vectors_digest = sha256("others");
  expect_all(judged(made), Outcome::error, "unlike measurements: the vector set");
  made = equal_models();
  made.candidate.info.vectors_digest = sha256("others");
  expect_all(judged(made), Outcome::error, "unlike measurements: the vector set");
}

TEST(Judge, RefusesUnlikeBoards) {
  test::TestCase made = equal_models();
  made.baseline.info.board.kind = "mps2-an386";
  expect_all(judged(made), Outcome::error, "the kind of board");
  made = equal_models();
  made.baseline.info.board.provenance = Provenance::emulated;
  expect_all(judged(made), Outcome::error, "the provenance");
}

TEST(Judge, TakesAnotherFirmwareOnTheSameBoardForPartOfTheCandidate) {
  test::TestCase made = equal_models();
  made.candidate.info.board.image = sha256("new firmware");
  EXPECT_EQ(judged(made).outcome, Outcome::pass);
  made.candidate.info.board.serial = "another board";
  expect_all(judged(made), Outcome::error, "the firmware of two different boards");
}

TEST(Judge, ComparesAccuracyAcrossTwoBoardsOfAKindWithOneFirmware) {
  test::TestCase made = equal_models();
  made.candidate.info.board.name = "m4-b";
  made.candidate.info.board.serial = "another board";
  EXPECT_EQ(judged(made).outcome, Outcome::pass);
}

TEST(Judge, FailsACandidateWithFailedInferencesInACompleteTrial) {
  test::TestCase made = equal_models();
  made.candidate.inferences = 399;
  made.candidate.failed_inferences = 1;
  test::TestCase::give(made.candidate, 0, Answer::missing);
  const Verdict verdict = judged(made);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_THAT(verdict.reason, HasSubstr("no_faults-rule: 1 failed inferences"));
}

TEST(Judge, SaysOfEveryCheckWhatWouldChangeIt) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(8, 2, 200);
  for (const Finding& finding : judged(made).findings)
    for (const Check& check : finding.checks) EXPECT_NE(check.would_change, "") << finding.rule;
  made.baseline.info.vectors_digest = sha256("others");
  const Finding refused = judged(made).findings.at(0);
  ASSERT_EQ(refused.checks.size(), 1u);
  EXPECT_THAT(refused.checks[0].would_change, HasSubstr("mend what the reason names"));
}

TEST(Judge, SaysWhatMoreVectorsCostInBoardTime) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, 100);  // 199 vectors of 299 are lacking for 1 %
  made.candidate.latency.sorted.assign(100, 250'000);
  made.baseline.latency.sorted.assign(100, 750'000);
  const Check check =
      judged(made, release_policy({{"noninferiority", "margin: 1 %"}})).findings.at(0).checks.at(0);
  EXPECT_EQ(check.more_vectors, 199u);
  EXPECT_DOUBLE_EQ(check.more_seconds.value_or(0), 199.0);
  EXPECT_EQ(check.would_change,
            "about 199 more vectors would be expected to decide, 3 min 19 s of board time for both models; "
            "transfer comes on top");
}

TEST(Judge, NeverPassesWithoutARule) { EXPECT_EQ(judged(equal_models(), Policy{}).outcome, Outcome::error); }

TEST(Judge, SaysThatNoControlWasRun) {
  EXPECT_EQ(judged(equal_models()).control, "A/A control: none was run");
}

ControlScore equal_runs() {
  ControlScore control;
  control.n = 64;
  control.tick_change.assign(64, 0);
  control.clock_hz = 1'000'000;
  return control;
}

Verdict judged_with(const test::TestCase& made, const ControlScore& control) {
  Facts facts = made.facts();
  facts.control = control;
  return judge(accuracy_and_faults(), facts, Moment{});
}

TEST(Judge, TellsTheControlThatFoundNothing) {
  const Verdict verdict = judged_with(equal_models(), equal_runs());
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_THAT(verdict.reason, StartsWith("2 of 2 rules pass; "));
  EXPECT_EQ(verdict.control,
            "A/A control: 64 vectors run twice by the baseline, outputs equal, latency shift 0 us");
}

TEST(Judge, JudgesNothingOnABenchThatFailsItsControl) {
  ControlScore control = equal_runs();
  control.differing = 1;
  control.first_unequal = 3;
  const Verdict verdict = judged_with(equal_models(), control);
  expect_all(verdict, Outcome::error, "the A/A control failed: the baseline gave another output on 1 of 64");
  EXPECT_THAT(verdict.control, HasSubstr("outputs differ on 1"));
}

TEST(Judge, JudgesNothingOnABenchThatDrifts) {
  ControlScore control = equal_runs();
  control.tick_change.assign(64, 2);
  expect_all(judged_with(equal_models(), control), Outcome::error, "the baseline was 2 us slower");
}

TEST(Judge, ReadsNoChosenBeginningAsARandomSample) {
  test::TestCase made = equal_models();
  made.sample.sampling.order = DrawOrder::disagreement_first;
  made.sample.sampling.claim = Claim::this_set;
  made.sample.order.resize(400);
  std::iota(made.sample.order.begin(), made.sample.order.end(), 0U);
  made.sample.chosen = 5;
  made.sample.drawn = 390;
  for (Scorecard* card : {&made.candidate, &made.baseline}) {
    card->drawn = card->inferences = 390;
    card->latency.sorted.assign(390, 1000);
    card->latency.by_vector.assign(400, 1000);
  }
  const Policy policy = release_policy(
      {{"noninferiority", "margin: 2 %"}, {"latency_quantile", "{quantile: 0.9, limit: 2 ms}"}});
  const Verdict some = judged(made, policy);
  EXPECT_EQ(some.findings.at(0).outcome, Outcome::pass) << some.findings.at(0).reason;
  EXPECT_EQ(some.findings.at(1).outcome, Outcome::inconclusive);
  EXPECT_EQ(some.findings.at(1).checks.at(0).more_vectors, 10U);
  EXPECT_THAT(some.reason, HasSubstr("no random sample"));
  made.sample.drawn = 400;
  for (Scorecard* card : {&made.candidate, &made.baseline}) {
    card->drawn = card->inferences = 400;
    card->latency.sorted.assign(400, 1000);
  }
  EXPECT_EQ(judged(made, policy).outcome, Outcome::pass);
}

TEST(Judge, NamesAnotherObstacleBeforeTheControl) {
  test::TestCase made = equal_models();
  made.candidate.info.vectors_digest = sha256("others");
  ControlScore control = equal_runs();
  control.differing = 1;
  control.first_unequal = 3;
  expect_all(judged_with(made, control), Outcome::error, "the vector set");
}

}  // namespace
}  // namespace tinyhil::gate
