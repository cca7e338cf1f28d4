// SPDX-License-Identifier: Apache-2.0
#include "meter/internal/ppk2_stream.hpp"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

#include "meter/internal/ppk2_samples_builder.hpp"

namespace tinyhil::meter {

namespace {

using Bytes = std::vector<std::uint8_t>;
using Lost = std::pair<std::uint64_t, GapCause>;

struct Received : Ppk2Stream::Receiver {
  void words(std::span<const std::uint8_t> whole) override {
    for (std::size_t n = 0; n < whole.size(); n += 4) {
      adc.push_back(ppk2_word(whole.data() + n).adc());
      numbers.push_back(next++);
    }
  }
  void lost(std::uint64_t count, GapCause cause) override {
    gaps.emplace_back(count, cause);
    next += count;
  }

  std::vector<unsigned> adc;
  std::vector<std::uint64_t> numbers;
  std::vector<Lost> gaps;
  std::uint64_t next = 0;
};

Received decoded(const Bytes& bytes, std::size_t fragment = 1 << 20) {
  Received received;
  Ppk2Stream stream(received);
  for (std::size_t at = 0; at < bytes.size(); at += fragment)
    stream.push(std::span(bytes).subspan(at, std::min(fragment, bytes.size() - at)));
  stream.finish();
  return received;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all += part;
  return all;
}

// Every sample that came has the number that it was sent with.
void expect_true_numbers(const Received& received) {
  for (std::size_t n = 0; n < received.adc.size(); ++n)
    ASSERT_EQ(received.adc[n], received.numbers[n] & 0x3FFFU) << n;
}

TEST(Ppk2Stream, FragmentsOfAnySizeMakeTheSameSamples) {
  const Bytes bytes = ppk2_samples(0, 5000);
  for (const std::size_t fragment : {1U, 2U, 3U, 5U, 7U, 9U, 64U, 1000U, 4096U, 1U << 20}) {
    const Received received = decoded(bytes, fragment);
    EXPECT_EQ(received.adc.size(), 5000U);
    EXPECT_TRUE(received.gaps.empty());
    expect_true_numbers(received);
  }
}

TEST(Ppk2Stream, ALossIsAGapOfAsMuchAsTheCounterShows) {
  for (const std::uint32_t lost : {1U, 5U, 16U, 63U}) {
    const Received received = decoded(joined({ppk2_samples(0, 200), ppk2_samples(200 + lost, 200)}), 97);
    EXPECT_EQ(received.gaps, (std::vector<Lost>{{lost, GapCause::counter}}));
    EXPECT_EQ(received.adc.size(), 400U);
    expect_true_numbers(received);
  }
}

TEST(Ppk2Stream, LossesOfWholeRoundsAreForTheClockToFind) {
  EXPECT_TRUE(decoded(joined({ppk2_samples(0, 200), ppk2_samples(264, 200)})).gaps.empty());
}

TEST(Ppk2Stream, BytesThatGotLostCostTheSamplesAroundThemOnly) {
  for (std::size_t at = 400; at < 404; ++at) {
    for (std::size_t lost = 1; lost < 12; ++lost) {
      Bytes bytes = ppk2_samples(0, 400);
      bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes.begin() + static_cast<std::ptrdiff_t>(at + lost));
      for (const std::size_t fragment : {1U, 6U, 4096U}) {
        const Received received = decoded(bytes, fragment);
        ASSERT_EQ(received.gaps.size(), 1U) << at << ' ' << lost;
        EXPECT_LE(received.gaps[0].first, 5U);
        EXPECT_EQ(received.adc.size() + received.gaps[0].first, 400U);
        // Parts of two samples that make one again cannot be told from a sample.
        if (at % 4 == 0 || lost % 4 != 0) expect_true_numbers(received);
      }
    }
  }
}

TEST(Ppk2Stream, RangesThatDoNotExistAreCorruptedSamples) {
  for (const std::uint8_t range : {5, 6, 7}) {
    Bytes bytes = ppk2_samples(0, 300);
    bytes[401] = static_cast<std::uint8_t>((bytes[401] & 0x3F) | range << 6);
    bytes[402] = static_cast<std::uint8_t>((bytes[402] & 0xFE) | range >> 2);
    const Received received = decoded(bytes);
    EXPECT_EQ(received.gaps, (std::vector<Lost>{{1, GapCause::corrupted}}));
    EXPECT_EQ(received.adc.size(), 299U);
    expect_true_numbers(received);
  }
}

TEST(Ppk2Stream, WhatStandsBeforeTheFirstSampleIsSkipped) {
  for (std::size_t odd = 0; odd < 9; ++odd) {
    const Bytes stale(odd, 0x55);
    const Received received = decoded(joined({stale, ppk2_samples(7, 300)}));
    EXPECT_TRUE(received.gaps.empty());
    EXPECT_EQ(received.adc.size(), 300U) << odd;
    EXPECT_EQ(received.adc.front(), 7U);
  }
}

TEST(Ppk2Stream, NoiseInTheMiddleIsAGapOfAboutItsLength) {
  std::mt19937 random(1);
  Bytes noise(4 * 1000);
  for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random());
  const Received received = decoded(joined({ppk2_samples(0, 300), noise, ppk2_samples(1300, 300)}), 500);
  std::uint64_t lost = 0;
  for (const Lost& gap : received.gaps) lost += gap.first;
  EXPECT_EQ(lost % 64, (1600 - received.adc.size()) % 64);
  EXPECT_GE(lost, 990U);
  EXPECT_LE(received.adc.size(), 610U);
}

TEST(Ppk2Stream, ZerosWithoutEndAreNoSamples) {
  Received received;
  Ppk2Stream stream(received);
  const Bytes zeros(100'000);
  stream.push(zeros);
  EXPECT_TRUE(received.adc.empty());
  EXPECT_GT(stream.strange_bytes(), 99'000U);
  stream.push(ppk2_samples(0, 200));
  EXPECT_EQ(stream.strange_bytes(), 0U);
}

TEST(Ppk2Stream, AConstantCurrentDoesNotMisleadItAboutTheAlignment) {
  Bytes bytes;
  for (std::uint32_t n = 0; n < 600; ++n) {
    const std::uint32_t bits = 0x1155U | (n % 64) << 18;
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  bytes.erase(bytes.begin() + 1001);
  const Received received = decoded(bytes);
  ASSERT_EQ(received.gaps.size(), 1U);
  EXPECT_EQ(received.adc.size() + received.gaps[0].first, 600U);
  for (const unsigned adc : received.adc) ASSERT_EQ(adc, 0x1155U);
}

}  // namespace

}  // namespace tinyhil::meter
