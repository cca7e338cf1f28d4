// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "gate/test_evidence.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

TestCase whole(int repeats) {
  TestCase made = comparable_case();
  made.add_pairs(0, 0, 100);
  made.candidate.info.repeats = repeats;
  made.candidate.inferences = 100u * static_cast<unsigned>(repeats);
  return made;
}

Finding judged(const TestCase& made) { return rule_of("no_faults", "{}")->judge(made.evidence()); }

TEST(NoFaults, PassesAWholeTrial) {
  EXPECT_EQ(judged(whole(2)).outcome, Outcome::pass);
  EXPECT_EQ(judged(whole(2)).checks.size(), 2u);
}

TEST(NoFaults, SaysThatOneRepeatCannotShowNondeterminism) {
  const Finding finding = judged(whole(1));
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.checks.size(), 1u);
  EXPECT_THAT(finding.method, HasSubstr("one repeat cannot show nondeterminism"));
}

TEST(NoFaults, FailsOnASingleFailedInference) {
  TestCase made = whole(1);
  made.candidate.inferences = 99;
  made.candidate.failed_inferences = 1;
  EXPECT_EQ(judged(made).outcome, Outcome::fail);
  EXPECT_EQ(judged(made).reason, "1 failed inferences in 100 inferences; none allowed");
}

TEST(NoFaults, FailsOnAVectorWhoseRepeatsDiffer) {
  TestCase made = whole(2);
  made.candidate.nondeterministic = 3;
  EXPECT_EQ(judged(made).outcome, Outcome::fail);
  EXPECT_EQ(judged(made).reason, "3 nondeterministic vectors in 100 vectors; none allowed");
}

TEST(NoFaults, FailsOnAFaultOfTheDevice) {
  TestCase made = whole(1);
  made.candidate.fault = Fault{FaultKind::reset, "the device restarted", ""};
  EXPECT_EQ(judged(made).outcome, Outcome::fail);
  EXPECT_THAT(judged(made).reason, HasSubstr("the device restarted"));
}

}  // namespace
}  // namespace tinyhil
