// SPDX-License-Identifier: Apache-2.0
#include "meter/ppk2_recording.hpp"

#include <gtest/gtest.h>

#include "meter/internal/ppk2_dump.hpp"
#include "meter/internal/ppk2_samples_builder.hpp"

namespace tinyhil::meter {

namespace {

using std::chrono::milliseconds;

// Samples come each millisecond; after `loss_at` of them `lost` are missing.
struct Stream {
  std::uint32_t loss_at = 0;
  std::uint32_t lost = 0;
};

void play(Ppk2Recording& recording, const Stream& stream, std::uint32_t count) {
  std::uint32_t sent = 0;
  for (std::uint32_t due = 100; due <= count; due += 100) {
    const std::uint32_t skip = due > stream.loss_at ? stream.lost : 0;
    if (due <= sent + skip) continue;  // lost, all of it
    const std::uint32_t number = sent < stream.loss_at ? sent : sent + skip;
    recording.push(ppk2_samples(number, due - number), milliseconds(due / 100));
    sent += due - number;
  }
}

CollectedSamples recorded(const Stream& stream, bool clocked) {
  CollectedSamples sink;
  const auto reader = word_reader(WordFormat::ppk2_u32, kPpk2Dump);
  Ppk2Recording recording(sink, *reader, clocked);
  play(recording, stream, 400'000);
  recording.finish();
  return sink;
}

void expect_true_numbers(const CollectedSamples& sink) {
  EXPECT_TRUE(sink.in_order);
  for (const auto& sample : sink.all) ASSERT_EQ(sample.number & 0x3FFFU, sample.adc) << sample.number;
}

TEST(Ppk2Recording, ASoundStreamComesOutWhole) {
  for (const bool clocked : {true, false}) {
    const CollectedSamples sink = recorded({}, clocked);
    EXPECT_EQ(sink.all.size(), 400'000U);
    EXPECT_TRUE(sink.gaps.empty());
    expect_true_numbers(sink);
  }
}

TEST(Ppk2Recording, EveryLossIsAGapAndWhatFollowsHasItsTrueNumber) {
  for (const std::uint32_t lost : {1U, 63U, 64U, 512U, 10'000U}) {
    const CollectedSamples sink = recorded({200'000, lost}, true);
    ASSERT_EQ(sink.gaps.size(), 1U) << lost;
    const Gap& gap = sink.gaps[0];
    EXPECT_LE(gap.first, 200'000U);
    EXPECT_GE(gap.first + gap.count, 200'000U + lost);
    EXPECT_LE(gap.count, lost + 400) << "little more than what is missing";
    EXPECT_EQ(gap.cause, lost < 64 ? GapCause::counter : GapCause::clock);
    expect_true_numbers(sink);
    EXPECT_EQ(sink.next, 400'000U);
  }
}

TEST(Ppk2Recording, WithoutAClockOnlyTheCounterFindsLosses) {
  EXPECT_EQ(recorded({200'000, 63}, false).gaps.size(), 1U);
  EXPECT_TRUE(recorded({200'000, 512}, false).gaps.empty());
}

TEST(Ppk2Recording, WhatTheClockHasNotConfirmedAtTheEndIsAGap) {
  CollectedSamples sink;
  const auto reader = word_reader(WordFormat::ppk2_u32, kPpk2Dump);
  Ppk2Recording recording(sink, *reader, true);
  play(recording, {1000, 512}, 5000);
  EXPECT_FALSE(recording.settled());
  recording.finish();
  ASSERT_EQ(sink.gaps.size(), 1U);
  EXPECT_GE(sink.gaps[0].first, 900U);
  expect_true_numbers(sink);
}

}  // namespace

}  // namespace tinyhil::meter
