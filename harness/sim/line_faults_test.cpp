// SPDX-License-Identifier: Apache-2.0
#include "line_faults.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil::sim {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Passed {
  Bytes heard;
  FaultCounts counts;
  std::vector<WireByte> wire;
};

Passed pass(const LineFaults& faults, std::size_t size, std::uint64_t seed = 7,
            LineWay way = LineWay::to_device) {
  LineDamage damage(faults, seed, way);
  Passed passed;
  for (std::size_t i = 0; i < size; ++i)
    if (!damage.pass(static_cast<std::uint8_t>(i), false, passed.wire)) break;
  for (const WireByte& byte : passed.wire)
    if (!byte.lost) passed.heard.push_back(byte.value);
  passed.counts = damage.counts();
  return passed;
}

// Five standard deviations around the mean of `trials` at `rate`: a fixed seed that fails this is no
// accident.
void expect_rate(std::uint64_t count, double rate, double trials) {
  EXPECT_NEAR(static_cast<double>(count), rate * trials, 5 * std::sqrt(trials * rate * (1 - rate)));
}

constexpr std::size_t kMegabyte = 1 << 20;
constexpr double kChunks = kMegabyte / 64.0;

TEST(Random, IsTheSameOnEveryHost) {  // reference values of Random for seed 1234567
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
}

TEST(BitErrors, AreSpacedAsIndependentErrorsAre) {
  BitErrors errors(0.01, 3);
  std::uint64_t flipped = 0, pairs = 0, last = 100;
  for (std::uint64_t bit = 0; bit < 8 * kMegabyte; bit += 8) {
    const unsigned mask = errors.next_mask();
    for (unsigned i = 0; i < 8; ++i) {
      ++last;
      if ((mask >> i & 1U) == 0) continue;
      ++flipped;
      if (last == 1) ++pairs;
      last = 0;
    }
  }
  expect_rate(flipped, 0.01, 8.0 * kMegabyte);
  expect_rate(pairs, 0.01, static_cast<double>(flipped));
}

TEST(LineDamage, ASoundLineChangesNothing) {
  const Passed passed = pass({}, 1000);
  ASSERT_EQ(passed.heard.size(), 1000U);
  for (std::size_t i = 0; i < 1000; ++i) ASSERT_EQ(passed.heard[i], i % 256);
}

const LineFaults kEverything{.bit_errors = 1e-3, .drop = 0.1, .duplicate = 0.1, .burst = 0.1, .stall = 0.1};

TEST(LineDamage, IsTheSameForTheSameSeed) {
  EXPECT_EQ(pass(kEverything, 20'000).heard, pass(kEverything, 20'000).heard);
}

TEST(LineDamage, IsAnotherForAnotherSeedOrDirection) {
  const Bytes one = pass(kEverything, 20'000).heard;
  EXPECT_NE(one, pass(kEverything, 20'000, 8).heard);
  EXPECT_NE(one, pass(kEverything, 20'000, 7, LineWay::to_host).heard);
}

TEST(LineDamage, OneRateMovesNoOtherFault) {
  const FaultCounts alone = pass({.drop = 0.1}, kMegabyte).counts;
  const FaultCounts together = pass(kEverything, kMegabyte).counts;
  EXPECT_EQ(alone.chunks_dropped, together.chunks_dropped);
}

TEST(LineDamage, FlipsBitsAtItsRate) {
  const Passed passed = pass({.bit_errors = 1e-4}, kMegabyte);
  expect_rate(passed.counts.bits_flipped, 1e-4, 8.0 * kMegabyte);
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < kMegabyte; ++i)
    wrong += passed.heard[i] == static_cast<std::uint8_t>(i) ? 0 : 1;
  EXPECT_NEAR(static_cast<double>(wrong), static_cast<double>(passed.counts.bits_flipped), 3);
}

TEST(LineDamage, DropsChunksAtItsRate) {
  const Passed passed = pass({.drop = 0.01}, kMegabyte);
  expect_rate(passed.counts.chunks_dropped, 0.01, kChunks);
  EXPECT_EQ(passed.heard.size(), kMegabyte - 64 * passed.counts.chunks_dropped);
  EXPECT_EQ(passed.counts.bytes_dropped, 64 * passed.counts.chunks_dropped);
}

TEST(LineDamage, DuplicatesChunksAtItsRate) {
  const Passed passed = pass({.duplicate = 0.01}, kMegabyte);
  expect_rate(passed.counts.chunks_duplicated, 0.01, kChunks);
  EXPECT_EQ(passed.heard.size(), kMegabyte + 64 * passed.counts.chunks_duplicated);
}

TEST(LineDamage, ADuplicateFollowsItsChunk) {
  const Passed passed = pass({.duplicate = 1, .chunk = 3}, 6);
  EXPECT_EQ(passed.heard, (Bytes{0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5}));
}

TEST(LineDamage, BurstsReplaceOrInsertAtTheirRate) {
  const Passed passed = pass({.burst = 0.01, .burst_max = 8}, kMegabyte);
  expect_rate(passed.counts.bursts, 0.01, kChunks);
  EXPECT_GT(passed.counts.bytes_replaced, passed.counts.bursts);
  EXPECT_GT(passed.counts.bytes_inserted, passed.counts.bursts);
  EXPECT_LE(passed.counts.bytes_replaced + passed.counts.bytes_inserted, 8 * passed.counts.bursts);
  EXPECT_EQ(passed.heard.size(), kMegabyte + passed.counts.bytes_inserted);
}

TEST(LineDamage, StallsAtItsRateBeforeTheChunk) {
  const Passed passed = pass({.stall = 0.01, .stall_for = std::chrono::milliseconds(3)}, kMegabyte);
  expect_rate(passed.counts.stalls, 0.01, kChunks);
  std::uint64_t silences = 0;
  for (std::size_t i = 0; i < kMegabyte; ++i) {
    if (passed.wire[i].silence.count() == 0) continue;
    ASSERT_EQ(i % 64, 0U);
    ASSERT_EQ(passed.wire[i].silence, std::chrono::milliseconds(3));
    ++silences;
  }
  EXPECT_EQ(silences, passed.counts.stalls);
}

TEST(LineDamage, DisconnectsAtItsRateAndGoesOnWhenReplugged) {
  LineDamage damage({.disconnect = 0.01}, 7, LineWay::to_device);
  std::vector<WireByte> wire;
  for (std::size_t passed = 0; passed < kMegabyte;) {
    if (damage.pass(0, false, wire)) {
      ++passed;
    } else {
      damage.replug();
    }
  }
  EXPECT_EQ(wire.size(), kMegabyte);
  expect_rate(damage.counts().disconnects, 0.01, kChunks);
}

TEST(LineDamage, DisconnectsAfterSoManyBytes) {
  EXPECT_EQ(pass({.disconnect_after = 100}, 1000).heard.size(), 100U);
  EXPECT_EQ(pass({.disconnect_after = 0}, 1000).heard.size(), 0U);
}

TEST(LineDamage, OneByteBecomesAtMostItsChunkTwiceOverAndABurst) {
  LineDamage damage({.duplicate = 1, .burst = 1, .chunk = 64, .burst_max = 16}, 7, LineWay::to_host);
  for (std::size_t i = 0; i < 100'000; ++i) {
    std::vector<WireByte> wire;
    damage.pass(0, false, wire);
    ASSERT_LE(wire.size(), 16U + 1 + 64 + 16);
  }
}

}  // namespace
}  // namespace tinyhil::sim
