// SPDX-License-Identifier: Apache-2.0
#include "sim/ppk2.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace tinyhil::sim {

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Word {
  std::uint32_t bits;
  unsigned adc() const { return bits & 0x3FFF; }
  unsigned range() const { return bits >> 14 & 7; }
  unsigned counter() const { return bits >> 18 & 63; }
  unsigned lines() const { return bits >> 24; }
};

void send(Ppk2& meter, const Bytes& bytes) { meter.receive(bytes); }

Bytes taken(Ppk2& meter) {
  Bytes bytes;
  meter.take(bytes);
  return bytes;
}

std::vector<Word> words_of(const Bytes& bytes) {
  std::vector<Word> words;
  for (std::size_t n = 0; n + 4 <= bytes.size(); n += 4) {
    words.push_back({bytes[n] | std::uint32_t{bytes[n + 1]} << 8 | std::uint32_t{bytes[n + 2]} << 16 |
                     std::uint32_t{bytes[n + 3]} << 24});
  }
  return words;
}

// On, sampling, for so long; what it sent.
Bytes recorded(const Ppk2Settings& settings, double length_s, const std::vector<BoardEvent>& events = {}) {
  Ppk2 meter(settings);
  for (const BoardEvent& event : events) meter.add(event);
  send(meter, {0x0D, 0x0C, 0xE4, 0x11, 0x02, 0x0C, 0x01, 0x06});
  while (!meter.advance(length_s, 1000)) {
  }
  return taken(meter);
}

Ppk2Settings quiet() {
  Ppk2Settings settings;
  settings.noise = 0;
  return settings;
}

TEST(Ppk2, AnswersWithItsConstantsAndSaysThatItIsSimulated) {
  Ppk2 meter({});
  send(meter, {0x0D, 0x0C});
  send(meter, {0xE4, 0x19});
  const Bytes bytes = taken(meter);
  const std::string text(bytes.begin(), bytes.end());
  EXPECT_TRUE(text.starts_with("Calibrated: 0\nR0: 1003.35"));
  EXPECT_NE(text.find("\nVDD: 3300\n"), std::string::npos);
  EXPECT_NE(text.find("\nSimulated: tinyhil sim ppk2, seed 1\n"), std::string::npos);
  EXPECT_EQ(text.find("Clock"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\nEND"));
}

TEST(Ppk2, SamplesComeAtItsRateWithACounterThatWraps) {
  const auto words = words_of(recorded(quiet(), 0.01));
  ASSERT_EQ(words.size(), 1000U);
  for (std::size_t n = 0; n < words.size(); ++n) ASSERT_EQ(words[n].counter(), n % 64);
  EXPECT_EQ(words.back().range(), 2U) << "1.5 mA";
  Ppk2Settings fast = quiet();
  fast.clock_ppm = 50;
  EXPECT_EQ(recorded(fast, 2).size(), 4U * 200'010);
}

TEST(Ppk2, RangesFollowTheCurrentWithHysteresis) {
  Ppk2Settings settings = quiet();
  settings.currents = {4.5e-3, 4.5e-3, 2e-6, 30e-6};
  EXPECT_EQ(words_of(recorded(settings, 0.01)).back().range(), 2U);
  settings.currents.idle_a = 6e-3;  // from above it stays in the larger range
  const auto words = words_of(recorded(settings, 0.02, {{0.01, PowerState::active, true}}));
  EXPECT_EQ(words.back().range(), 3U);
  EXPECT_EQ(words.back().lines(), 1U);
  EXPECT_EQ(words_of(recorded(settings, 0.02, {{0.01, PowerState::sleep, false}})).back().range(), 0U);
}

TEST(Ppk2, ADeadSampleRepeatsTheOneBeforeAndTheNextOvershoots) {
  Ppk2Settings settings = quiet();
  settings.currents.settling_s = 1e-9;
  const auto words = words_of(recorded(settings, 0.02, {{0.01, PowerState::active, true}}));
  EXPECT_EQ(words[1000].adc(), words[999].adc());
  EXPECT_EQ(words[1000].range(), 2U);
  EXPECT_EQ(words[1001].range(), 3U);
  EXPECT_GT(words[1001].adc(), words[1002].adc());
}

TEST(Ppk2, LossesAreCountedAndByteLossesAreNot) {
  Ppk2Settings settings = quiet();
  settings.lose = {{0.006, 512}, {0.002, 63}};
  settings.lose_bytes = {{0.008, 3}};
  const Bytes bytes = recorded(settings, 0.02);
  EXPECT_EQ(bytes.size(), 4U * (2000 - 575) - 3);
  EXPECT_EQ(words_of(bytes)[200].counter(), 263U % 64);
}

TEST(Ppk2, StaleBytesComeBeforeTheFirstAnswerOnly) {
  Ppk2Settings settings;
  settings.stale = 100;
  Ppk2 meter(settings);
  send(meter, {0x19});
  const std::size_t first = taken(meter).size();
  send(meter, {0x19});
  EXPECT_EQ(taken(meter).size() + 100, first);
}

TEST(Ppk2, WithoutPowerNothingFlows) {
  const auto highest = [](const Bytes& bytes) {
    unsigned range = 0;
    for (const Word& word : words_of(bytes)) range = std::max(range, word.range());
    return range;
  };
  Ppk2 meter(quiet());
  send(meter, {0x06});
  meter.advance(0.01, 1000);
  EXPECT_EQ(highest(taken(meter)), 0U);
  Ppk2Settings settings = quiet();
  settings.is_wired = false;
  Ppk2 ampere(settings);
  send(ampere, {0x11, 0x01, 0x0C, 0x01, 0x06});
  ampere.advance(0.01, 1000);
  EXPECT_EQ(highest(taken(ampere)), 0U);
}

TEST(Ppk2, StopsAndForgetsWhenTheHostCloses) {
  Ppk2 meter(quiet());
  send(meter, {0x0C, 0x01, 0x06});
  meter.advance(0.01, 1000);
  meter.close();
  EXPECT_TRUE(taken(meter).empty());
  EXPECT_FALSE(meter.streaming());
  send(meter, {0x06, 0x07});
  EXPECT_TRUE(meter.advance(1, 1));
  EXPECT_TRUE(taken(meter).empty());
}

TEST(Ppk2, GlitchesAreAsManyAsAskedFor) {
  Ppk2Settings settings = quiet();
  settings.glitches = 0.01;
  int high = 0;
  for (const Word& word : words_of(recorded(settings, 1))) high += static_cast<int>(word.lines());
  EXPECT_NEAR(high, 1000, 150);
}

TEST(Ppk2, ErrorsAreDrawnWithinWhatItsMakerStates) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Ppk2Errors errors = drawn_errors(seed);
    for (std::size_t n = 0; n < kPpk2RangeCount; ++n)
      EXPECT_LE(std::abs(errors.gain[n]), n < 4 ? 0.10 : 0.15);
    EXPECT_LE(std::abs(errors.offset_a[0]), 1e-7);
  }
  EXPECT_NE(drawn_errors(1).gain, drawn_errors(2).gain);
}

}  // namespace

}  // namespace tinyhil::sim
