// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "gate/rules/energy_test.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

Finding energy_finding(const test::TestCase& made, const char* yaml) {
  return test::rule_of("energy", yaml)->judge(made.evidence());
}

TEST(Energy, IsAnErrorWithoutARecording) {
  test::TestCase made = metered_case({});
  made.recordings.clear();
  const Finding finding = energy_finding(made, "{margin: 3 %}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_THAT(finding.reason, HasSubstr("no current meter took part"));
}

TEST(Energy, ChecksItsKeys) {
  EXPECT_THROW(test::rule_of("energy", "{}"), Error);
  EXPECT_THROW(test::rule_of("energy", "{margin: 0 %}"), Error);
  EXPECT_THROW(test::rule_of("energy", "{limit: 0 uJ}"), Error);
  EXPECT_THROW(test::rule_of("energy", "{limit: 400 uA}"), Error);
  EXPECT_THROW(test::rule_of("energy", "{margin: 3 %, of: all}"), Error);
}

TEST(Energy, PassesWhatTakesLessAndFailsWhatTakesMore) {
  const Finding less = energy_finding(metered_case({.ratio = 0.95}), "{margin: 3 %}");
  EXPECT_EQ(less.outcome, Outcome::pass) << less.reason;
  EXPECT_NEAR(*less.checks.at(0).estimate, -0.05, 0.005);
  EXPECT_EQ(less.checks[0].n, 20u);
  const Finding more = energy_finding(metered_case({.ratio = 1.08}), "{margin: 3 %}");
  EXPECT_EQ(more.outcome, Outcome::fail) << more.reason;
  EXPECT_THAT(more.reason, HasSubstr("at most +3.00 % allowed"));
}

TEST(Energy, TellsHowManyMoreBlocksWouldDecide) {
  const Finding close = energy_finding(metered_case({.ratio = 1.026, .scatter = 0.03}), "{margin: 3 %}");
  EXPECT_EQ(close.outcome, Outcome::inconclusive) << close.reason;
  ASSERT_TRUE(close.checks.at(0).more_vectors) << close.reason;
  EXPECT_GT(*close.checks[0].more_vectors, 20u);
  EXPECT_THAT(close.reason, HasSubstr("would be expected to decide"));
}

TEST(Energy, AgainstALimitTheMetersWholeUncertaintyCounts) {
  // 10 inferences of 1e-4 C at 3 V in a window: 30 uJ each, of a meter within 15 %.
  EXPECT_EQ(energy_finding(metered_case({}), "{limit: 40 uJ}").outcome, Outcome::pass);
  EXPECT_EQ(energy_finding(metered_case({}), "{limit: 31 uJ}").outcome, Outcome::inconclusive);
  const Finding above = energy_finding(metered_case({}), "{limit: 20 uJ}");
  EXPECT_EQ(above.outcome, Outcome::fail);
  EXPECT_NEAR(*above.checks.at(0).estimate, 30, 0.5);
  EXPECT_EQ(above.checks[0].unit, Unit::microjoules);
}

TEST(Energy, OfNetSubtractsWhatTheBoardTakesWaiting) {
  // It waits at 1 mA: 2 ms an inference at 3 V are 6 uJ.
  const Finding net = energy_finding(metered_case({}), "{limit: 40 uJ, of: net}");
  EXPECT_NEAR(*net.checks.at(0).estimate, 24, 0.5);
}

TEST(Energy, OfMetersThatDifferIsIncomparable) {
  test::TestCase made = metered_case({});
  Recording again = made.recordings[0];
  again.info.meter.serial = "another";
  made.recordings.push_back(again);
  const Finding finding = energy_finding(made, "{margin: 3 %}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("incomparable"));
}

TEST(Energy, OfAnExpiredCalibrationIsUndecided) {
  test::TestCase made = metered_case({});
  made.recordings[0].info.meter.expires = "2026-11-28";
  const Finding finding = energy_finding(made, "{margin: 3 %}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("expired on 2026-11-28"));
  made.recordings[0].info.meter.expires = "2026-11-29";
  EXPECT_EQ(energy_finding(made, "{margin: 3 %}").outcome, Outcome::pass);
}

TEST(Energy, OfManyIncompleteWindowsIsUndecidedAndSaysWhy) {
  test::TestCase made = metered_case({});
  for (std::size_t i = 0; i < 20; ++i) {
    made.recordings[0].windows[i].state = WindowState::incomplete;
    made.recordings[0].windows[i].why = "640 samples are missing";
  }
  const Finding finding = energy_finding(made, "{margin: 3 %}");
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_THAT(finding.reason, HasSubstr("640 samples are missing"));
}

TEST(Energy, NeedsInferencesThatAreProven) {
  test::TestCase made = metered_case({});
  for (MeasuredWindow& window : made.recordings[0].windows) window.report.proven = 0;
  EXPECT_EQ(energy_finding(made, "{margin: 3 %}").outcome, Outcome::inconclusive);
  EXPECT_EQ(energy_finding(made, "{limit: 40 uJ}").outcome, Outcome::inconclusive);
}

TEST(Energy, IsJudgedOnEachBoard) {
  test::TestCase made = metered_case({.ratio = 0.95});
  test::TestCase other = metered_case({.ratio = 1.1});
  other.recordings[0].info.board = "m7";
  made.recordings.push_back(other.recordings[0]);
  const Finding finding = energy_finding(made, "{margin: 3 %}");
  ASSERT_EQ(finding.checks.size(), 2u);
  EXPECT_EQ(finding.checks[0].outcome, Outcome::pass);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_THAT(finding.reason, HasSubstr("board m7"));
}

TEST(Energy, OfASimulatedMeterSaysSo) {
  test::TestCase made = metered_case({});
  made.recordings[0].info.meter.simulated = true;
  EXPECT_THAT(energy_finding(made, "{margin: 3 %}").reason, HasSubstr("by a simulated meter"));
}

}  // namespace
}  // namespace tinyhil::gate
