// SPDX-License-Identifier: Apache-2.0
#include "powershield_recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace tinyhil::meter {
namespace {

using Kind = PowershieldNotice::Kind;
using testing::ElementsAre;
using testing::FieldsAre;
using testing::IsEmpty;

struct Kept : SampleSink {
  void samples(const SampleBlock& block) override {
    EXPECT_EQ(block.words.size(), block.current_a.size() * word_size);
    for (std::size_t i = 0; i < block.current_a.size(); ++i) {
      current_a.emplace_back(block.first + i, block.current_a[i]);
      if (!block.lines.empty() && block.lines[i] != 0) edges.push_back(block.first + i);
    }
  }
  void gap(const Gap& gap) override { gaps.push_back(gap); }

  std::size_t word_size = 4;
  std::vector<std::pair<std::uint64_t, float>> current_a;
  std::vector<std::uint64_t> edges;
  std::vector<Gap> gaps;
};

PowershieldNotice timestamp(std::uint32_t ms) {
  PowershieldNotice notice{Kind::timestamp};
  notice.time_ms = ms;
  return notice;
}

class PowershieldRecordingTest : public testing::Test {
 protected:
  void send(int samples) {
    for (int i = 0; i < samples; ++i) recording_.amperes(1e-3F);
  }
  void second(std::uint32_t at_s, int samples) {
    send(samples);
    recording_.notice(timestamp(at_s * 1000));
  }

  Kept kept_;
  PowershieldRecording recording_{kept_, {1000, WordFormat::amperes_f32, true}};
};

TEST_F(PowershieldRecordingTest, HandsOnWhatATimestampProves) {
  second(0, 0);
  send(700);
  EXPECT_THAT(kept_.current_a, IsEmpty());
  second(1, 300);
  EXPECT_EQ(kept_.current_a.size(), 1000U);
  EXPECT_EQ(kept_.current_a.back(), std::pair(std::uint64_t{999}, 1e-3F));
  EXPECT_THAT(kept_.gaps, IsEmpty());
}

TEST_F(PowershieldRecordingTest, FindsALossThatNobodyToldByTheMetersOwnClock) {
  second(1, 1000);
  second(2, 936);
  second(3, 1000);
  second(4, 488);
  EXPECT_THAT(kept_.gaps,
              ElementsAre(FieldsAre(1936, 64, GapCause::clock), FieldsAre(3488, 512, GapCause::clock)));
  EXPECT_EQ(kept_.current_a.back().first, 3487U);
}

TEST_F(PowershieldRecordingTest, FindsLossesThatAddUpOverSeconds) {
  second(1, 1000);
  for (std::uint32_t at = 2; at < 8; ++at) second(at, 999);
  std::uint64_t lost = 0;
  for (const Gap& gap : kept_.gaps) lost += gap.count;
  EXPECT_GE(lost, 5U);
}

TEST_F(PowershieldRecordingTest, KeepsTheCauseThatTheMeterTells) {
  second(1, 1000);
  recording_.notice({Kind::overflow});
  second(2, 100);
  recording_.notice({Kind::corrupted});
  second(3, 999);
  EXPECT_THAT(kept_.gaps,
              ElementsAre(FieldsAre(1100, 900, GapCause::reported), FieldsAre(2999, 1, GapCause::corrupted)));
}

TEST_F(PowershieldRecordingTest, ReportsAnOverflowEvenWhenNoSampleIsFoundMissing) {
  second(1, 1000);
  recording_.notice({Kind::overflow});
  second(2, 1000);
  EXPECT_THAT(kept_.gaps, ElementsAre(FieldsAre(2000, 1, GapCause::reported)));
}

TEST_F(PowershieldRecordingTest, MarksTheSampleAtAnEdge) {
  second(1, 1000);
  send(10);
  recording_.notice({Kind::trigger});
  second(2, 990);
  EXPECT_THAT(kept_.edges, ElementsAre(1010U));
}

TEST_F(PowershieldRecordingTest, IgnoresOneDamagedTimestamp) {
  second(1, 1000);
  send(1000);
  recording_.notice(timestamp(902'000));
  second(3, 1000);
  EXPECT_THAT(kept_.gaps, IsEmpty());
  EXPECT_EQ(kept_.current_a.size(), 3000U);
}

TEST_F(PowershieldRecordingTest, TakesALongSilenceForAGapOnceTwoTimestampsAgree) {
  second(1, 1000);
  recording_.notice(timestamp(11'000));
  second(12, 1000);
  EXPECT_THAT(kept_.gaps, ElementsAre(FieldsAre(1000, 11'000, GapCause::corrupted)));
  second(13, 1000);
  EXPECT_EQ(kept_.current_a.back().first, 12'999U);
}

TEST_F(PowershieldRecordingTest, StartsToCountAnewWhenTheMetersClockDoes) {
  second(50, 1000);
  second(0, 1000);
  second(1, 1000);
  second(2, 1000);
  EXPECT_THAT(kept_.gaps, ElementsAre(FieldsAre(1000, 2000, GapCause::corrupted)));
  EXPECT_EQ(kept_.current_a.back().first, 3999U);
}

TEST_F(PowershieldRecordingTest, KeepsNoMoreThanItsMemoryWithoutTimestamps) {
  send(100'000);
  recording_.finish();
  std::uint64_t accounted = kept_.current_a.size();
  for (const Gap& gap : kept_.gaps) {
    EXPECT_EQ(gap.cause, GapCause::corrupted);
    accounted += gap.count;
  }
  EXPECT_EQ(accounted, 100'000U);
  EXPECT_LT(kept_.current_a.size(), 2600U);
}

TEST_F(PowershieldRecordingTest, EndsWithAFaultOnOvercurrent) {
  second(1, 1000);
  send(10);
  recording_.notice({Kind::overcurrent});
  EXPECT_TRUE(recording_.has_ended());
  ASSERT_TRUE(recording_.fault());
  EXPECT_EQ(recording_.fault()->kind, FaultKind::refused);
  EXPECT_THAT(kept_.gaps, ElementsAre(FieldsAre(1010, 1, GapCause::overcurrent)));
}

// A stream whose sample number n has the value n modulo 4096.
std::vector<std::uint8_t> numbered_stream(int seconds, int rate) {
  std::vector<std::uint8_t> bytes;
  for (int n = 0; n < seconds * rate; ++n) {
    bytes.push_back(static_cast<std::uint8_t>(0x50 | (n >> 8 & 0xF)));
    bytes.push_back(static_cast<std::uint8_t>(n));
    if ((n + 1) % rate != 0) continue;
    const auto ms = static_cast<std::uint32_t>((n + 1) / rate) * 1000;
    for (const std::uint32_t byte :
         {0xF0U, 0xF3U, ms >> 24, ms >> 16 & 0xFF, ms >> 8 & 0xFF, ms & 0xFF, 5U, 0xFFU, 0xFFU}) {
      bytes.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  return bytes;
}

// Once the timestamp after a loss is there, every sample has its true number again.
TEST(PowershieldRecordingOfDamagedBytes, NumbersSamplesRightInEverySecondThatIsWhole) {
  constexpr int kRate = 2000;
  constexpr int kSeconds = 12;
  std::mt19937 random(18);
  for (int run = 0; run < 200; ++run) {
    std::vector<std::uint8_t> bytes = numbered_stream(kSeconds, kRate);
    const std::size_t lost = std::vector<std::size_t>{1, 2, 3, 63, 128, 1024, 1025}[random() % 7];
    const std::size_t at = 2 * kRate * 2 + random() % (bytes.size() / 2);
    bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                bytes.begin() + static_cast<std::ptrdiff_t>(at + lost));
    Kept kept;
    kept.word_size = 2;
    PowershieldRecording recording(kept, {kRate, WordFormat::lpm01a_u16, false});
    PowershieldStream stream(lpm01a_dialect(), recording);
    stream.expect_binary();
    const std::string ack = "ack start\r\n";
    stream.feed({reinterpret_cast<const std::uint8_t*>(ack.data()), ack.size()});
    stream.feed(bytes);
    recording.finish();
    std::size_t wrong = 0;
    std::uint64_t last_wrong = 0;
    for (const auto& [number, current] : kept.current_a) {
      if (current == static_cast<float>(number % 4096) / 1048576.0F) continue;
      ++wrong;
      last_wrong = number;
    }
    // Those between the loss and the gap that tells of it: one second, and two for a sample alone.
    EXPECT_LE(wrong, static_cast<std::size_t>(lost == 2 ? 2 * kRate : kRate)) << run;
    EXPECT_FALSE(kept.gaps.empty()) << run << " lost " << lost << " at " << at;
    if (wrong > 0) {
      ASSERT_FALSE(kept.gaps.empty()) << run << " lost " << lost << " at " << at;
      EXPECT_LE(last_wrong, kept.gaps.back().first) << run;
      EXPECT_GE(last_wrong + 2 * kRate, kept.gaps.front().first) << run;
    }
    EXPECT_EQ(kept.current_a.back().first, static_cast<std::uint64_t>(kSeconds) * kRate - 1) << run;
  }
}

}  // namespace
}  // namespace tinyhil::meter
