// SPDX-License-Identifier: Apache-2.0
#include "verdict.hpp"
#include "model/exit_code.hpp"

#include <gtest/gtest.h>

#include "trial.hpp"

namespace tinyhil {
namespace {

Finding finding(Outcome outcome, Severity severity = Severity::critical) {
  Finding made;
  made.outcome = outcome;
  made.severity = severity;
  return made;
}

TEST(Worst, ErrorOutranksFailOutranksInconclusiveOutranksWaivedOutranksPass) {
  std::vector<Finding> findings = {finding(Outcome::pass)};
  EXPECT_EQ(worst(findings), Outcome::pass);
  for (const Outcome next : {Outcome::waived, Outcome::inconclusive, Outcome::fail, Outcome::error}) {
    findings.insert(findings.begin(), finding(next));
    EXPECT_EQ(worst(findings), next) << to_string(next);
  }
}

TEST(Worst, CountsMajorFindingsAndOverlooksMinorOnes) {
  EXPECT_EQ(worst({finding(Outcome::pass), finding(Outcome::fail, Severity::minor)}), Outcome::pass);
  EXPECT_EQ(worst({finding(Outcome::pass), finding(Outcome::fail, Severity::major)}), Outcome::fail);
}

TEST(Worst, OfNoFindingsIsAnErrorBecauseMissingDataNeverPasses) { EXPECT_EQ(worst({}), Outcome::error); }

TEST(ExitCode, IsTheOnePublishedForEachOutcome) {
  EXPECT_EQ(static_cast<int>(exit_code(Outcome::pass)), 0);
  EXPECT_EQ(static_cast<int>(exit_code(Outcome::fail)), 1);
  EXPECT_EQ(static_cast<int>(exit_code(Outcome::inconclusive)), 3);
  EXPECT_EQ(static_cast<int>(exit_code(Outcome::error)), 4);
  EXPECT_EQ(static_cast<int>(exit_code(Outcome::waived)), 5);
}

TEST(Names, AreTheWordsOfReports) {
  EXPECT_STREQ(to_string(Outcome::inconclusive), "inconclusive");
  EXPECT_STREQ(to_string(Severity::major), "major");
  EXPECT_STREQ(to_string(TrialState::interrupted), "interrupted");
}

}  // namespace
}  // namespace tinyhil
