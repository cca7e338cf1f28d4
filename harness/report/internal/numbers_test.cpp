// SPDX-License-Identifier: Apache-2.0
#include "numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil::report {
namespace {

TEST(Numbers, GroupThousands) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1'200), "1,200");
  EXPECT_EQ(format_bytes(12'345'678), "12,345,678 B");
}

TEST(Numbers, PercentNeverRoundsNearlyAllToAll) {
  EXPECT_EQ(format_percent(0.94083), "94.1 %");
  EXPECT_EQ(format_percent(1.0), "100.0 %");
  EXPECT_EQ(format_percent(0.99999), "99.999 %");
}

TEST(Numbers, PercentNeverRoundsNearlyNoneToNone) {
  EXPECT_EQ(format_percent(0.0), "0.0 %");
  EXPECT_EQ(format_percent(0.0001), "0.01 %");
}

TEST(Numbers, DifferencesAreSignedPoints) {
  EXPECT_EQ(format_quantity(-0.03, Unit::ratio, true), "−3.00 pts");
  EXPECT_EQ(format_limit(-0.02, Unit::ratio, true), "−2 pts");
  EXPECT_EQ(format_quantity(0.0196, Unit::ratio, false), "1.96 %");
}

TEST(Numbers, KeepExactIntegersWhole) {
  EXPECT_EQ(format_quantity(49'356, Unit::bytes, false), "49,356 B");
  EXPECT_EQ(format_limit(20, Unit::milliseconds, false), "20 ms");
  EXPECT_EQ(format_quantity(13.64816, Unit::milliseconds, false), "13.648 ms");
}

TEST(Numbers, TimesChooseTheirUnit) {
  EXPECT_EQ(format_us(12.5), "12.50 µs");
  EXPECT_EQ(format_us(12'345.68), "12.346 ms");
  EXPECT_EQ(format_us(12'345'678), "12.346 s");
}

TEST(Numbers, SayWhatIsNotANumber) {
  EXPECT_EQ(format_quantity(NAN, Unit::milliseconds, false), "not a number ms");
  EXPECT_EQ(format_quantity(-INFINITY, Unit::ratio, true), "−∞ pts");
}

TEST(Numbers, NoVectorsIsNoDataRatherThanZeroPercent) {
  EXPECT_EQ(format_proportion({0, 0, {0, 1}}), "no data");
  EXPECT_EQ(format_proportion({0, 7, {0, 0.4}}), "0.0 %");
}

TEST(Numbers, IntervalsNameOnlyTheEndThatBinds) {
  EXPECT_EQ(format_interval(Interval{-0.0394, -0.0211}, Unit::ratio, true), "−3.94 to −2.11 pts");
  EXPECT_EQ(format_interval(Interval{-0.0192, 1}, Unit::ratio, true), "at least −1.92 pts");
  EXPECT_EQ(format_interval(Interval{-INFINITY, 20.5}, Unit::milliseconds, false), "at most 20.500 ms");
  EXPECT_EQ(format_interval(Interval{0.9, 1}, Unit::ratio, false), "90.00 to 100.00 %");
}

TEST(Numbers, AbsentOrUndefinedIntervalsAreEmpty) {
  EXPECT_EQ(format_interval(std::nullopt, Unit::milliseconds, false), "");
  EXPECT_EQ(format_interval(Interval{NAN, 1}, Unit::milliseconds, false), "");
  EXPECT_EQ(format_interval(Interval{-INFINITY, INFINITY}, Unit::milliseconds, false), "");
}

}  // namespace
}  // namespace tinyhil::report
