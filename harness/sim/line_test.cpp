// SPDX-License-Identifier: Apache-2.0
#include "line.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace tinyhil::sim {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;
using Time = LineDirection::Time;

const Time kStart(std::chrono::hours(1));

Bytes counting(std::size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

LineDirection paced(std::uint32_t baud) {
  return LineDirection({.baud = baud, .queue = 100'000}, 1, LineWay::to_device);
}

LineDirection gathering(std::uint32_t baud, std::chrono::nanoseconds latency) {
  return LineDirection({.baud = baud, .latency = latency}, 1, LineWay::to_host);
}

// ---- the wire's pace ----

TEST(WirePace, AByteTakesTenBits) {
  WirePace pace(1'000'000);
  EXPECT_EQ(pace.send(kStart, 0ns), kStart + 10us);
  EXPECT_EQ(pace.send(kStart, 0ns), kStart + 20us);
  EXPECT_EQ(pace.send(kStart + 1s, 0ns), kStart + 1s + 10us) << "an idle line starts at the arrival";
}

TEST(WirePace, DoesNotDriftOverAnHourOfARateThatNoNanosecondDivides) {
  WirePace pace(115'200);
  Time end;
  for (int i = 0; i < 11'520 * 3600; ++i) end = pace.send(kStart, 0ns);
  EXPECT_EQ(end, kStart + 3600s);
}

TEST(WirePace, ANewRateCountsFromTheNextByte) {
  WirePace pace(1'000'000);
  pace.send(kStart, 0ns);
  pace.set_baud(100'000);
  EXPECT_EQ(pace.send(kStart, 0ns), kStart + 110us);
}

TEST(WirePace, AnUnpacedByteTakesNoTime) {
  WirePace pace(0);
  EXPECT_EQ(pace.send(kStart, 0ns), kStart);
  EXPECT_EQ(pace.send(kStart, 5ms), kStart + 5ms);
  EXPECT_EQ(pace.send(kStart, 0ns), kStart + 5ms) << "bytes do not overtake each other";
}

// ---- a sound line ----

TEST(LineDirection, DeliversExactlyWhatTheRateAllows) {
  LineDirection line = paced(115'200);
  line.offer(counting(20'000), kStart);
  EXPECT_EQ(line.take(kStart + 1s - 1ns).size(), 11'519U);
  EXPECT_EQ(line.take(kStart + 1s).size(), 1U);
  EXPECT_EQ(line.take(kStart + 2s).size(), 8'480U);
}

TEST(LineDirection, LosesNoTimeHoweverRarelyItIsLookedAt) {
  LineDirection line({.baud = 921'600}, 1, LineWay::to_device);
  std::size_t delivered = 0;
  for (auto now = 0us; now < 10s; now += 13'337us) {  // less than the 44 ms that the queue lasts
    line.offer(Bytes(line.room()), kStart + now);
    delivered += line.take(kStart + now).size();
  }
  delivered += line.take(kStart + 10s).size();
  EXPECT_EQ(delivered, 921'600U);
}

TEST(LineDirection, ChangesNothingAndKeepsTheOrder) {
  LineDirection line = gathering(0, 16ms);
  Bytes got;
  for (int i = 0; i < 10; ++i) {
    line.offer(counting(100), kStart);
    const Bytes part = line.take(kStart);
    got.insert(got.end(), part.begin(), part.end());
  }
  EXPECT_EQ(got.size(), 992U) << "sixteen times 62; the timer holds the rest";
  const Bytes rest = line.take(kStart + 16ms);
  got.insert(got.end(), rest.begin(), rest.end());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i], i % 100);
  EXPECT_EQ(got.size(), 1000U);
}

TEST(LineDirection, HasRoomForItsQueueAndNoMore) {
  LineDirection line({.baud = 10'000, .queue = 10}, 1, LineWay::to_device);
  line.offer(counting(7), kStart);
  EXPECT_EQ(line.room(), 3U);
  line.offer(counting(3), kStart);
  EXPECT_EQ(line.room(), 0U);
  line.take(kStart + 4ms);
  EXPECT_EQ(line.room(), 4U);
}

// ---- the adapter ----

TEST(LineDirection, AShortAnswerWaitsForTheLatencyTimer) {
  LineDirection line = gathering(1'000'000, 16ms);
  line.offer(counting(3), kStart);
  EXPECT_TRUE(line.take(kStart + 10us + 16ms - 1ns).empty());
  EXPECT_EQ(line.take(kStart + 10us + 16ms), counting(3)) << "counted from the first byte";
}

TEST(LineDirection, AFullChunkDoesNotWait) {
  LineDirection line = gathering(1'000'000, 16ms);
  line.offer(counting(100), kStart);
  EXPECT_TRUE(line.take(kStart + 619us).empty());
  EXPECT_EQ(line.take(kStart + 620us).size(), 62U);
  EXPECT_TRUE(line.take(kStart + 630us + 16ms - 1ns).empty());
  EXPECT_EQ(line.take(kStart + 630us + 16ms).size(), 38U);
}

TEST(LineDirection, WhatIsHandedOverDoesNotDependOnWhenAnybodyLooks) {
  LineDirection line = gathering(10'000, 4500us);  // 1 ms a byte: five bytes by the time the timer runs out
  line.offer(counting(17), kStart);
  EXPECT_EQ(line.take(kStart + 17ms).size(), 15U);
  EXPECT_TRUE(line.take(kStart + 20'499us).empty()) << "byte 16 came at 16 ms";
  EXPECT_EQ(line.take(kStart + 20'500us).size(), 2U);
}

// ---- when to look again ----

TEST(LineDirection, NamesTheTimeOfTheNextDelivery) {
  LineDirection line = gathering(1'000'000, 16ms);
  EXPECT_EQ(line.next(), std::nullopt);
  line.offer(counting(3), kStart);
  line.take(kStart);
  EXPECT_EQ(line.next(), kStart + 10us + 16ms);
  line.offer(counting(97), kStart);
  EXPECT_EQ(line.next(), kStart + 1ms) << "62 bytes are there before, but not worth waking for";
}

TEST(LineDirection, AShortRequestArrivesToTheByteAndALongOneByTheMillisecond) {
  LineDirection line = paced(1'000'000);
  line.take(kStart);
  line.offer(counting(30), kStart);
  EXPECT_EQ(line.next(), kStart + 300us);
  line.offer(counting(300), kStart);
  EXPECT_EQ(line.next(), kStart + 1ms);
}

TEST(LineDirection, TheNextTimeIsAlwaysLaterOnceTaken) {
  LineSettings settings{.baud = 921'600, .latency = 1ms, .faults = {.drop = 0.3, .duplicate = 0.3}};
  LineDirection line(settings, 5, LineWay::to_host);
  line.offer(Bytes(4096), kStart);
  Time now = kStart;
  int looks = 0;
  for (; !line.drained(); ++looks) {
    line.take(now);
    const auto next = line.next();
    if (!next) break;
    ASSERT_GT(*next, now);
    now = *next;
  }
  EXPECT_LT(looks, 100) << "4096 bytes take 44 ms";
}

// ---- the plug ----

TEST(LineDirection, DeliversWhatCameBeforeTheDisconnectAndNothingAfter) {
  LineDirection line({.baud = 1'000'000, .faults = {.disconnect_after = 10}}, 1, LineWay::to_host);
  line.offer(counting(30), kStart);
  EXPECT_TRUE(line.unplugged());
  EXPECT_FALSE(line.drained());
  EXPECT_EQ(line.take(kStart + 1s), counting(10));
  EXPECT_TRUE(line.drained());
  line.offer(counting(5), kStart + 1s);
  EXPECT_EQ(line.counts().bytes_unheard, 25U);
  line.replug();
  line.offer(counting(5), kStart + 1s);
  EXPECT_EQ(line.take(kStart + 2s), counting(5)) << "it happens once";
  EXPECT_EQ(line.counts().faults.disconnects, 1U);
}

TEST(LineDirection, EveryByteIsAccountedForAtAnyTime) {
  LineSettings settings{.baud = 921'600, .latency = 16ms};
  settings.faults = {.bit_errors = 1e-3, .drop = 0.05, .duplicate = 0.05, .burst = 0.05, .disconnect = 0.001};
  LineDirection line(settings, 11, LineWay::to_host);
  for (auto now = 0ms; now < 20s; now += 7ms) {
    line.offer(Bytes(std::min<std::size_t>(line.room(), 700)), kStart + now);
    line.unheard(line.take(kStart + now).size() / 10);
    if (line.unplugged() && line.drained()) line.replug();
    const LineCounts counts = line.counts();
    ASSERT_EQ(
        counts.bytes_offered + counts.faults.bytes_inserted + counts.faults.bytes_duplicated,
        counts.bytes_delivered + counts.bytes_unheard + counts.bytes_in_flight + counts.faults.bytes_dropped);
  }
  EXPECT_GT(line.counts().faults.disconnects, 3U);
  EXPECT_GT(line.counts().bytes_delivered, 1'000'000U);
}

TEST(LineDirection, AStallHoldsEverythingBackForItsTime) {
  LineSettings settings{.baud = 1'000'000, .faults = {.stall = 1, .stall_for = 200ms}};
  LineDirection line(settings, 1, LineWay::to_device);
  line.offer(counting(65), kStart);
  EXPECT_TRUE(line.take(kStart + 200ms).empty());
  EXPECT_EQ(line.take(kStart + 200ms + 640us).size(), 64U);
  EXPECT_TRUE(line.take(kStart + 400ms + 640us).empty());
  EXPECT_EQ(line.take(kStart + 400ms + 650us).size(), 1U);
}

TEST(LineDirection, ADroppedChunkTakesItsTime) {
  LineSettings settings{.baud = 1'000'000, .faults = {.drop = 1}};
  LineDirection line(settings, 1, LineWay::to_device);
  line.offer(counting(64), kStart);
  EXPECT_TRUE(line.take(kStart + 639us).empty());
  EXPECT_FALSE(line.drained());
  EXPECT_TRUE(line.take(kStart + 640us).empty());
  EXPECT_TRUE(line.drained());
}

TEST(LineDirection, GarblesAboveTheRateThatTheCableCarries) {
  LineSettings settings{.baud = 1'000'000, .max_baud = 1'000'000, .queue = 100'000};
  LineDirection line(settings, 1, LineWay::to_device);
  line.offer(Bytes(10'000), kStart);
  EXPECT_EQ(line.counts().faults.bits_flipped, 0U);
  line.set_baud(1'000'001);
  line.offer(Bytes(10'000), kStart);
  EXPECT_NEAR(static_cast<double>(line.counts().faults.bits_flipped), 4000, 200);
}

}  // namespace
}  // namespace tinyhil::sim
