// SPDX-License-Identifier: Apache-2.0
#include "calendar.hpp"

#include <gtest/gtest.h>

namespace tinyhil {
namespace {

TEST(Calendar, WritesWhatItReads) {
  for (const char* text : {"2026-11-23T14:05:09Z", "1970-01-01T00:00:00Z", "2028-02-29T23:59:59Z"}) {
    ASSERT_TRUE(parse_moment(text)) << text;
    EXPECT_EQ(to_text(*parse_moment(text)), text);
  }
  EXPECT_EQ(to_text(*parse_day("2027-03-31")), "2027-03-31");
  EXPECT_EQ(parse_moment("1970-01-02T00:00:01Z")->time_since_epoch(), std::chrono::seconds(86'401));
}

TEST(Calendar, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "26-04-30", "2026-4-30",
                           "2026-04-30 ", "2026/04/30", ""}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

TEST(Calendar, RefusesMomentsThatDoNotExist) {
  for (const char* text : {"2026-11-23T24:00:00Z", "2026-11-23T14:60:00Z", "2026-11-23T14:00:60Z",
                           "2026-11-23T14:00:00", "2026-11-31T14:00:00Z", "2026-11-23 14:00:00Z"}) {
    EXPECT_FALSE(parse_moment(text)) << text;
  }
}

}  // namespace
}  // namespace tinyhil
