// SPDX-License-Identifier: Apache-2.0
#include "pace.hpp"

#include <gtest/gtest.h>

namespace tinyhil::campaign {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Pace::Time kBegin{};

TEST(Pace, SaysRateAndTimeLeft) {
  Pace pace;
  pace.note(10, kBegin);
  EXPECT_EQ(pace.words(100), "") << "one moment is no rate";
  pace.note(12, kBegin + milliseconds(900));
  EXPECT_EQ(pace.words(100), "") << "too short to tell";
  pace.note(30, kBegin + seconds(10));
  EXPECT_EQ(pace.words(100), ", 2.0/s, 35 s left");
  EXPECT_EQ(pace.words(30), "") << "all is done";
}

TEST(Pace, SaysLongTimesInMinutesAndHours) {
  Pace pace;
  pace.note(0, kBegin);
  pace.note(20, kBegin + seconds(1));
  EXPECT_EQ(pace.words(20 + 20 * 99), ", 20/s, 99 s left");
  EXPECT_EQ(pace.words(20 + 20 * 600), ", 20/s, 10 min left");
  EXPECT_EQ(pace.words(20 + 20 * 36'000), ", 20/s, 10.0 h left");
}

TEST(Pace, GoesByTheLastMinute) {
  Pace pace;
  for (std::uint64_t second = 0; second <= 100; ++second) pace.note(10 * second, kBegin + seconds(second));
  for (std::uint64_t second = 101; second <= 200; ++second) pace.note(900 + second, kBegin + seconds(second));
  EXPECT_EQ(pace.words(1'190), ", 1.0/s, 90 s left");
}

TEST(Pace, SaysNothingWhileNothingGoesOn) {
  Pace pace;
  pace.note(5, kBegin);
  pace.note(5, kBegin + seconds(30));
  EXPECT_EQ(pace.words(10), "");
}

TEST(Pace, KeepsNoMoreForManySmallSteps) {
  Pace pace;
  for (int step = 0; step <= 100'000; ++step)
    pace.note(static_cast<std::uint64_t>(step), kBegin + milliseconds(step));
  EXPECT_EQ(pace.words(101'000), ", 1000/s, 1 s left");
}

}  // namespace
}  // namespace tinyhil::campaign
