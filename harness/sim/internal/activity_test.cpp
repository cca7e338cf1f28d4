// SPDX-License-Identifier: Apache-2.0
#include "sim/internal/activity.hpp"

#include <gtest/gtest.h>

namespace tinyhil::sim {

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes record(std::uint8_t state, std::uint32_t ticks, std::uint8_t number) {
  Bytes bytes = {0xA5, state};
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(ticks >> shift));
  bytes.push_back(number);
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  bytes.push_back(static_cast<std::uint8_t>(~sum));
  return bytes;
}

std::vector<BoardEvent> events_of(ActivityReader& reader, std::initializer_list<Bytes> parts) {
  std::vector<BoardEvent> events;
  for (const Bytes& part : parts) reader.push(part, events);
  return events;
}

TEST(Activity, TicksBehindAStartAreTime) {
  ActivityReader reader;
  const auto events = events_of(
      reader, {record(0x80, 1000, 0), record(0x01, 500, 1), record(0x02, 750, 2), record(0x04, 2000, 3)});
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[1].at_s, 0.5);
  EXPECT_TRUE(events[1].trigger);
  EXPECT_EQ(events[1].state, PowerState::active);
  EXPECT_EQ(events[2].at_s, 0.75);
  EXPECT_FALSE(events[2].trigger);
  EXPECT_EQ(events[2].state, PowerState::idle);
  EXPECT_EQ(events[3].state, PowerState::sleep);
}

TEST(Activity, TheTimerMayWrap) {
  ActivityReader reader;
  const auto events = events_of(
      reader, {record(0x80, 25'000'000, 0), record(0x01, 0xFFFFFFFFU, 1), record(0x02, 24'999'999, 2)});
  EXPECT_NEAR(events[2].at_s - events[1].at_s, 1.0, 1e-9);
}

TEST(Activity, ABoardThatStartsAgainGoesOnInTime) {
  ActivityReader reader;
  const auto events = events_of(
      reader, {record(0x80, 1000, 0), record(0x01, 5000, 1), record(0x82, 1000, 0), record(0x02, 100, 1)});
  EXPECT_EQ(events[2].at_s, 5);
  EXPECT_EQ(events[3].at_s, 5.1);
}

TEST(Activity, WhatIsNoRecordIsSkippedAndCounted) {
  ActivityReader reader;
  Bytes broken = record(0x01, 300, 1);
  broken[4] ^= 1;
  const auto events =
      events_of(reader, {Bytes{1, 2, 0xA5}, record(0x80, 1000, 0), broken, record(0x02, 400, 2)});
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].at_s, 0.4);
  EXPECT_EQ(reader.bytes_skipped(), 3U + 8U);
  EXPECT_EQ(reader.records_missing(), 1U);
}

TEST(Activity, RecordsBeforeAStartHaveNoTime) {
  ActivityReader reader;
  EXPECT_TRUE(events_of(reader, {record(0x01, 300, 1)}).empty());
}

}  // namespace

}  // namespace tinyhil::sim
