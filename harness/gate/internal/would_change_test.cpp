// SPDX-License-Identifier: Apache-2.0
#include "would_change.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "amounts.hpp"

namespace tinyhil::gate {
namespace {

Check check_of(Outcome outcome, Unit unit, double estimate, double limit) {
  Check check;
  check.subject = "all vectors";
  check.outcome = outcome;
  check.n = 1200;
  check.unit = unit;
  check.estimate = estimate;
  check.limit = limit;
  return check;
}

Check accuracy(Outcome outcome, double low, double estimate, double high, double limit = -0.02) {
  Check check = check_of(outcome, Unit::ratio, estimate, limit);
  check.interval = Interval{low, high};
  return check;
}

std::string in_points(const Check& check) { return would_change(check, true); }
std::string plain(const Check& check) { return would_change(check, false); }

TEST(WouldChange, SaysHowFarTheBoundOfAPassIsFromItsLimit) {
  EXPECT_EQ(in_points(accuracy(Outcome::pass, -0.014, -0.008, 0.001)),
            "would stop passing if the value seen were below -1.4 points, at the same spread; the lower "
            "bound is 0.6 points inside "
            "the limit");
  Check p99 = check_of(Outcome::pass, Unit::milliseconds, 17.5, 20);
  p99.interval = Interval{17.25, 18};
  EXPECT_EQ(plain(p99),
            "would stop passing if the value seen were above 19.5 ms, at the same spread; the upper bound is "
            "2 ms inside the limit");
}

TEST(WouldChange, NeverRoundsTheRoomOfAPassToNothing) {
  EXPECT_EQ(in_points(accuracy(Outcome::pass, -0.01996, -0.01, 0.001)),
            "would stop passing if the value seen were below -1 points, at the same spread; the lower bound "
            "is 0.004 points inside "
            "the limit");
}

TEST(WouldChange, CountsTheBytesAndInferencesThatWouldFail) {
  EXPECT_EQ(plain(check_of(Outcome::pass, Unit::bytes, 11'264, 12'287)),
            "1,024 more bytes would make it fail");
  Check failures = check_of(Outcome::pass, Unit::inferences, 0, 0);
  failures.counted = "failed inferences";
  EXPECT_EQ(plain(failures), "one failed inference would make it fail");
  EXPECT_EQ(plain(check_of(Outcome::pass, Unit::lsb, 1, 1)), "one more LSB would make it fail");
  Check free = check_of(Outcome::pass, Unit::bytes, 300, 256);
  EXPECT_EQ(plain(free), "45 fewer bytes would make it fail");
}

TEST(WouldChange, SpeaksOfTheValueWhereThereIsNoSpread) {
  Check p99 = check_of(Outcome::pass, Unit::milliseconds, 13.65, 20);
  p99.interval = Interval{13.65, 13.65};
  EXPECT_EQ(plain(p99), "would stop passing if the value seen were above 20 ms, 6.35 ms from here");
  EXPECT_EQ(plain(check_of(Outcome::pass, Unit::ratio, 0, 0)),
            "it is exactly at its limit: the least change for the worse would make it fail");
  EXPECT_EQ(plain(check_of(Outcome::pass, Unit::ratio, 0.0125, 0.02)),
            "would stop passing if the value seen were above 2 %, 0.8 % from here");
}

TEST(WouldChange, SaysThatWhatHasNoLimitChangesNothing) {
  Check told = check_of(Outcome::pass, Unit::troubles, 2, 0);
  told.limit.reset();
  EXPECT_EQ(plain(told), "nothing: it is told, and not judged");
}

TEST(WouldChange, NamesTheLimitThatAFailureWouldKeepAndHowFarOffItIs) {
  EXPECT_EQ(in_points(accuracy(Outcome::fail, -0.2963, -0.2195, -0.1457, -0.06)),
            "would pass with a limit of -29.7 points; its lower bound is 23.6 points off");
  EXPECT_EQ(plain(check_of(Outcome::fail, Unit::bytes, 13'312, 12'288)),
            "would pass with 1,024 fewer bytes, or with a limit of 13,312 B");
  EXPECT_EQ(plain(check_of(Outcome::fail, Unit::ratio, 0.034, 0.02)),
            "would pass with a limit of 3.4 %; it is 1.4 % off");
  EXPECT_EQ(plain(check_of(Outcome::fail, Unit::vectors, 3, 0)), "would pass only with none");
  Check free = check_of(Outcome::fail, Unit::bytes, 200, 256);
  EXPECT_EQ(plain(free), "would pass with 56 more bytes, or with a limit of 200 B");
}

TEST(WouldChange, ReadsAWaivedCheckAsTheFailureItIs) {
  EXPECT_EQ(plain(check_of(Outcome::waived, Unit::milliseconds, 21.5, 20)),
            "would pass with a limit of 21.5 ms; it is 1.5 ms off");
}

TEST(WouldChange, SaysWhatMoreVectorsCost) {
  Check check = accuracy(Outcome::inconclusive, -0.025, -0.01, 0.005);
  check.more_vectors = 1812;
  EXPECT_EQ(in_points(check), "about 1,812 more vectors would be expected to decide");
  check.more_seconds = 400;
  EXPECT_EQ(in_points(check),
            "about 1,812 more vectors would be expected to decide, 6 min 40 s of board time for both models; "
            "transfer comes on top");
  check.subject = "accent = scottish";
  check.is_of_one_value = true;
  check.more_vectors = 1;
  check.more_seconds.reset();
  EXPECT_EQ(in_points(check), "about 1 more vector of accent = scottish would be expected to decide");
}

TEST(WouldChange, AsksForGroupsWhereVectorsComeInThem) {
  Check check = accuracy(Outcome::inconclusive, -0.025, -0.01, 0.005);
  check.more_groups = 1450;
  check.group_unit = "patient";
  EXPECT_EQ(in_points(check), "about 1,450 more patients would be expected to decide");
  check.subject = "site = north";
  check.is_of_one_value = true;
  check.more_groups = 1;
  EXPECT_EQ(in_points(check), "about 1 more patient of site = north would be expected to decide");
}

TEST(WouldChange, SaysWhyMoreVectorsWouldNotHelp) {
  EXPECT_EQ(in_points(accuracy(Outcome::inconclusive, -0.061, -0.03, 0.001)),
            "more vectors are not expected to make it pass: the estimate is 1 point beyond the limit; would "
            "pass with a limit of -6.2 points; its lower bound is 4.1 points off");
  EXPECT_EQ(in_points(accuracy(Outcome::inconclusive, -0.03, -0.02, -0.01)),
            "more vectors are not expected to make it pass: the estimate is at the limit; would pass with a "
            "limit of -3.1 points; its lower bound is 1 point off");
}

TEST(WouldChange, ClaimsNothingOfAnOpenInterval) {
  Check check = check_of(Outcome::inconclusive, Unit::milliseconds, 9, 10);
  check.interval = Interval{8, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(plain(check), "how many more vectors would decide cannot be told from these");
}

TEST(WouldChange, SaysThatAnErrorHasToBeMended) {
  Check check;
  EXPECT_EQ(plain(check), "nothing was judged: mend what the reason names, then run or judge again");
  check.outcome = Outcome::fail;
  EXPECT_EQ(plain(check), "would pass only without what the reason names: mend it, then run again");
}

TEST(WouldChange, LeavesARuleItsOwnWords) {
  Finding finding;
  finding.traits.ratios_are_differences = true;
  finding.checks = {accuracy(Outcome::pass, -0.014, -0.008, 0.001), Check{}};
  finding.checks[1].would_change = "a calibrated meter";
  say_what_would_change(finding);
  EXPECT_EQ(finding.checks[0].would_change.substr(0, 59),
            "would stop passing if the value seen were below -1.4 points");
  EXPECT_EQ(finding.checks[1].would_change, "a calibrated meter");
}

TEST(WouldChange, PricesMoreVectorsByTheTimeOfBothModelsAndAllRepeats) {
  Scorecard candidate;
  candidate.info.repeats = 2;
  candidate.latency.steps_per_base = 1000;
  candidate.latency.sorted = {10, 30};  // 20 ms on average
  Scorecard baseline = candidate;
  baseline.latency.sorted = {80};
  Finding finding;
  finding.checks = {Check{}, Check{}, Check{}};
  finding.checks[0].more_vectors = 100;
  finding.checks[1].more_vectors = 100;
  finding.checks[1].more_seconds = 1;
  price_more_vectors(finding, candidate, baseline);
  EXPECT_DOUBLE_EQ(*finding.checks[0].more_seconds, 20.0);
  EXPECT_EQ(finding.checks[1].more_seconds, 1);
  EXPECT_FALSE(finding.checks[2].more_seconds);
  baseline.latency.steps_per_base = 0;
  finding.checks[0].more_seconds.reset();
  price_more_vectors(finding, candidate, baseline);
  EXPECT_FALSE(finding.checks[0].more_seconds);
}

TEST(Amounts, RoundAwayFromWhatWouldNotBeTrue) {
  const Amounts points(accuracy(Outcome::fail, -0.3, -0.2, -0.1), true);
  EXPECT_DOUBLE_EQ(points.rounded_beyond(-0.2963, Allowed::at_least), -0.297);
  EXPECT_DOUBLE_EQ(points.rounded_beyond(-0.297, Allowed::at_least), -0.298);  // a bound at the limit fails
  EXPECT_DOUBLE_EQ(points.rounded_beyond(0.0341, Allowed::at_most), 0.035);
  EXPECT_DOUBLE_EQ(points.rounded_beyond(0.034, Allowed::at_most), 0.034);
}

TEST(Amounts, TellTimeInTwoUnits) {
  EXPECT_EQ(time_of(0.004), "0.1 s");
  EXPECT_EQ(time_of(4.26), "4.3 s");
  EXPECT_EQ(time_of(42.4), "42 s");
  EXPECT_EQ(time_of(400), "6 min 40 s");
  EXPECT_EQ(time_of(7530), "2 h 5 min");
}

}  // namespace
}  // namespace tinyhil::gate
