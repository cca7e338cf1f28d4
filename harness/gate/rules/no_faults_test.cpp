// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

test::TestCase whole(int repeats) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, 100);
  made.candidate.info.repeats = repeats;
  made.candidate.inferences = 100u * static_cast<unsigned>(repeats);
  return made;
}

Finding judged_faults(const test::TestCase& made) {
  return test::rule_of("no_faults", "{}")->judge(made.evidence());
}

TEST(NoFaults, PassesAWholeTrial) {
  EXPECT_EQ(judged_faults(whole(2)).outcome, Outcome::pass);
  EXPECT_EQ(judged_faults(whole(2)).checks.size(), 2u);
}

TEST(NoFaults, SaysThatOneRepeatCannotShowNondeterminism) {
  const Finding finding = judged_faults(whole(1));
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.checks.size(), 1u);
  EXPECT_THAT(finding.method, HasSubstr("one repeat cannot show nondeterminism"));
}

TEST(NoFaults, FailsOnASingleFailedInference) {
  test::TestCase made = whole(1);
  made.candidate.inferences = 99;
  made.candidate.failed_inferences = 1;
  EXPECT_EQ(judged_faults(made).outcome, Outcome::fail);
  EXPECT_EQ(judged_faults(made).reason, "1 failed inferences in 100 inferences; none allowed");
}

TEST(NoFaults, FailsOnAVectorWhoseRepeatsDiffer) {
  test::TestCase made = whole(2);
  made.candidate.nondeterministic = 3;
  EXPECT_EQ(judged_faults(made).outcome, Outcome::fail);
  EXPECT_EQ(judged_faults(made).reason, "3 nondeterministic vectors in 100 vectors; none allowed");
}

TEST(NoFaults, FailsOnAFaultOfTheDevice) {
  test::TestCase made = whole(1);
  made.candidate.fault = Fault{FaultKind::reset, "the device restarted", ""};
  EXPECT_EQ(judged_faults(made).outcome, Outcome::fail);
  EXPECT_THAT(judged_faults(made).reason, HasSubstr("the device restarted"));
}

TEST(NoFaults, FailsOnACrashThatTheTrialOutlived) {
  test::TestCase made = whole(1);
  made.candidate.survived = {
      {{FaultKind::reset, "the device restarted", "pc=0x080012a4"}, VectorNumber{17}, true}};
  const Finding finding = judged_faults(made);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.reason,
            "the device crashed or hung 1 times in 100 inferences and went on: vector 17: the device "
            "restarted (reset, pc 0x080012a4); none allowed");
  EXPECT_EQ(finding.checks.at(0).subject, "survived device faults");
  EXPECT_EQ(finding.checks.at(0).estimate, 1.0);
}

TEST(NoFaults, FailsOnAQuarantinedVectorAndNamesIt) {
  test::TestCase made = whole(1);
  made.candidate.inferences = 98;
  made.candidate.quarantined_inferences = 2;
  made.candidate.quarantined = {17, 80};
  const SurvivedFault hang{{FaultKind::timeout, "no result within 10 s", ""}, VectorNumber{17}, true};
  made.candidate.survived = {hang, hang};
  const Finding finding = judged_faults(made);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.reason,
            "the device crashed or hung twice on each of 2 vectors: 17, 80 (vector 17: no result within 10 s "
            "(timeout)); none allowed");
  EXPECT_EQ(finding.checks.at(0).n, 100u);
  EXPECT_EQ(finding.checks.at(0).estimate, 2.0);
}

TEST(NoFaults, TellsButForgivesWhatWasNotTheDevices) {
  test::TestCase made = whole(1);
  made.candidate.survived = {{{FaultKind::reset, "reset from outside", ""}, {}, false},
                             {{FaultKind::corrupt, "noise on the line", ""}, VectorNumber{4}, false}};
  const Finding finding = judged_faults(made);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(
      finding.reason,
      "0 failed inferences in 100 inferences; none allowed; 2 troubles that were not the device's: reset "
      "from outside (reset), vector 4: noise on the line (corrupt); not held against it");
  EXPECT_EQ(finding.checks.back().subject, "troubles from outside");
  EXPECT_EQ(finding.checks.back().estimate, 2.0);
  EXPECT_EQ(finding.checks.back().outcome, Outcome::pass);
}

TEST(NoFaults, TellsTheDevicesFaultsApartFromTheOthers) {
  test::TestCase made = whole(1);
  made.candidate.survived = {{{FaultKind::reset, "the device restarted", ""}, VectorNumber{17}, true},
                             {{FaultKind::corrupt, "noise on the line", ""}, {}, false}};
  const Finding finding = judged_faults(made);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("crashed or hung 1 times"));
  EXPECT_THAT(finding.reason, HasSubstr("1 troubles that were not the device's"));
}

Finding with_rate(const test::TestCase& made, const char* yaml = "{rate_upper_bound: 1 %}") {
  return test::rule_of("no_faults", yaml)->judge(made.evidence());
}

TEST(NoFaults, BoundsTheRateOfFaultsThatWereNotSeen) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, 299);
  EXPECT_EQ(with_rate(made).outcome, Outcome::pass);
  EXPECT_EQ(
      with_rate(made).checks.back().reason,
      "0 of 299 vectors met a fault, so the rate of faults is below 0.9969 % with 95 % confidence; at most "
      "1 % allowed");
  EXPECT_EQ(with_rate(made, "{rate_upper_bound: 1 %, confidence: 99 %}").outcome, Outcome::inconclusive);
}

TEST(NoFaults, SaysHowManyMoreVectorsTheRateNeeds) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, 100);
  const Finding finding = with_rate(made);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.checks.back().more_vectors, 199u);
}

TEST(NoFaults, DoesNotTakeRepeatsForMoreVectors) {
  test::TestCase made = whole(10);  // 1000 inferences of 100 vectors
  EXPECT_EQ(with_rate(made).outcome, Outcome::inconclusive);
}

TEST(NoFaults, StillFailsOnAFaultWithinTheRate) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, 2000);
  made.candidate.inferences = 1999;
  made.candidate.failed_inferences = 1;
  EXPECT_EQ(with_rate(made).outcome, Outcome::fail);
  EXPECT_EQ(with_rate(made).checks.back().outcome, Outcome::pass);
}

TEST(NoFaults, RefusesARateThatNothingCanShow) {
  EXPECT_THROW(test::rule_of("no_faults", "{rate_upper_bound: 0 %}"), Error);
  EXPECT_THROW(test::rule_of("no_faults", "{confidence: 95 %}"), Error);
  EXPECT_THROW(test::rule_of("no_faults", "{rate_upper_bound: 1 %, confidence: 5 %}"), Error);
}

TEST(NoFaults, ASilenceThatNobodyIsShownToHaveCausedIsNoVerdict) {
  test::TestCase made = whole(1);
  made.candidate.survived = {{{FaultKind::timeout, "no result within 1000 ms", ""}, VectorNumber{17}, false}};
  const Finding finding = judged_faults(made);
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("fell silent 1 times"));
  EXPECT_THAT(finding.reason, HasSubstr("vector 17: no result within 1000 ms"));
  EXPECT_THAT(finding.reason, Not(HasSubstr("not held against it")));
  made.candidate.survived.push_back(
      {{FaultKind::reset, "the device crashed", "PC 0x1234"}, VectorNumber{3}, true});
  EXPECT_EQ(judged_faults(made).outcome, Outcome::fail) << "a crash is proven all the same";
}

TEST(NoFaults, ShowsTheRecordOfACrashThatEndedTheTrial) {
  test::TestCase made = whole(1);
  made.candidate.fault = Fault{FaultKind::reset, "the device crashed while it prepared model `two`",
                               "processor fault, status 0x00008200, PC 0x00006ea2, LR 0x00007083"};
  EXPECT_THAT(judged_faults(made).reason, HasSubstr("PC 0x00006ea2, LR 0x00007083"));
}

}  // namespace
}  // namespace tinyhil::gate
