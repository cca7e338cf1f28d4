// SPDX-License-Identifier: Apache-2.0
#include "powershield_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tinyhil::meter {
namespace {

using Kind = PowershieldNotice::Kind;
using testing::ElementsAre;

class Heard : public PowershieldReceiver {
 public:
  void words(std::span<const std::uint8_t> bytes) override {
    EXPECT_EQ(bytes.size() % 2, 0U);
    for (std::size_t i = 0; i < bytes.size(); i += 2) samples.push_back(bytes[i] << 8 | bytes[i + 1]);
  }
  void amperes(float current) override { currents.push_back(current); }
  void notice(const PowershieldNotice& notice) override {
    kinds.push_back(notice.kind);
    notices.push_back(notice);
  }

  std::vector<int> samples;
  std::vector<float> currents;
  std::vector<Kind> kinds;
  std::vector<PowershieldNotice> notices;
};

class PowershieldStreamTest : public testing::Test {
 protected:
  void text(std::string_view bytes) {
    stream_.feed({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }
  void start_binary() {
    stream_.expect_binary();
    text("\r\nPowerShield > ack start\r\n\r\n");
    heard_.kinds.clear();
    heard_.notices.clear();
  }
  void bytes(const std::vector<std::uint8_t>& bytes) { stream_.feed(bytes); }

  Heard heard_;
  PowershieldStream stream_{lpm01a_dialect(), heard_};
};

TEST_F(PowershieldStreamTest, ReadsAsciiSamplesOfAnyMantissa) {
  text("6409-07\r\n33930-08\r\n0000-00\r\n7-03\r\n1000+00\r\n");
  EXPECT_THAT(heard_.currents, ElementsAre(640.9e-6F, 339.3e-6F, 0.0F, 7e-3F));  // 1,000 A is none
  EXPECT_THAT(heard_.kinds, ElementsAre(Kind::corrupted));
}

TEST_F(PowershieldStreamTest, SkipsTheNulBeforeTheFirstSampleAfterATimestamp) {
  text(
      std::string_view("TimeStamp: 003s 000ms, buff 05%\r\n\0"
                       "6409-07\r\n",
                       43));
  ASSERT_THAT(heard_.kinds, ElementsAre(Kind::timestamp));
  EXPECT_EQ(heard_.notices[0].time_ms, 3000U);
  EXPECT_EQ(heard_.notices[0].fill_percent, 5);
  EXPECT_THAT(heard_.currents, ElementsAre(640.9e-6F));
}

TEST_F(PowershieldStreamTest, TellsRepliesEventsAndErrorsApart) {
  text("\r\nPowerShield > ack freq 1k\r\n\r\nPowerShield > error freq 3k\r\nError detail: bad argument\r\n");
  text("event 00 ris\r\nerror: buffer overflow\r\nPowerShield > Acquisition completed\r\nsummary beg\r\n");
  EXPECT_THAT(heard_.kinds, ElementsAre(Kind::acknowledged, Kind::refused, Kind::error_detail, Kind::trigger,
                                        Kind::overflow, Kind::completed, Kind::line));
  EXPECT_EQ(heard_.notices[0].text, "freq 1k");
  EXPECT_EQ(heard_.notices[1].text, "freq 3k");
  EXPECT_EQ(heard_.notices[2].text, "bad argument");
}

TEST_F(PowershieldStreamTest, CallsSamplesThatRanTogetherCorrupted) {
  text("6409-076409-07\r\n64-\r\nTimeStamp: 003s 1000ms, buff 05%\r\n");
  EXPECT_TRUE(heard_.currents.empty());
  EXPECT_THAT(heard_.kinds, ElementsAre(Kind::corrupted, Kind::corrupted, Kind::corrupted));
}

TEST_F(PowershieldStreamTest, KeepsAnEndlessLineInFixedMemory) {
  for (int i = 0; i < 10'000; ++i) text("no line ends here; ");
  text("\n6409-07\r\n");
  EXPECT_THAT(heard_.kinds, ElementsAre(Kind::corrupted));
  EXPECT_THAT(heard_.currents, ElementsAre(640.9e-6F));
}

TEST_F(PowershieldStreamTest, ReadsBinarySamplesAndFrames) {
  start_binary();
  bytes({0x52, 0xA0, 0x52, 0xA1, 0xF0, 0xF3, 0, 0, 0x03, 0xE8, 0x05, 0xFF, 0xFF, 0x52, 0xA2});
  bytes({0xF0, 0xF1, 'b', 'u', 'f', 'f', 'e',  'r',  ' ',  'o', 'v',
         'e',  'r',  'f', 'l', 'o', 'w', '\r', '\n', 0xFF, 0xFF});
  bytes({0xF0, 0xF6, 0xFF, 0xFF, 0xF0, 0xF7, 0x0C, 0xE4, 0xFF, 0xFF, 0xF0, 0xF4, 0xFF, 0xFF});
  text("\r\nPowerShield > Acquisition completed\r\n");
  EXPECT_THAT(heard_.samples, ElementsAre(0x52A0, 0x52A1, 0x52A2));
  EXPECT_THAT(heard_.kinds, ElementsAre(Kind::timestamp, Kind::overflow, Kind::power_down, Kind::information,
                                        Kind::completed, Kind::completed));
  EXPECT_EQ(heard_.notices[0].time_ms, 1000U);
  EXPECT_EQ(heard_.notices[1].text, "buffer overflow");
  EXPECT_FALSE(stream_.is_binary());
}

TEST_F(PowershieldStreamTest, DoesNotEndATimestampAtBytesOfItsNumber) {
  start_binary();
  bytes({0xF0, 0xF3, 0, 0, 0xFF, 0xFF, 0x05, 0xFF, 0xFF, 0x52, 0xA0});  // at 65.535 s
  ASSERT_THAT(heard_.kinds, ElementsAre(Kind::timestamp));
  EXPECT_EQ(heard_.notices[0].time_ms, 65'535U);
  EXPECT_THAT(heard_.samples, ElementsAre(0x52A0));
}

TEST_F(PowershieldStreamTest, MasksTheOverflowBitOfATimestamp) {
  start_binary();
  bytes({0xF0, 0xF3, 0x80, 0, 0, 1, 0x05, 0xFF, 0xFF});
  EXPECT_EQ(heard_.notices[0].time_ms, 1U);
}

TEST_F(PowershieldStreamTest, FindsItsPlaceAgainAtTheTimestampAfterALostByte) {
  start_binary();
  bytes({0x52, 0xA0, 0x52, /* 0xA1 is lost */ 0x52, 0xA2, 0x52, 0xA3});
  bytes({0xF0, 0xF3, 0, 0, 0x03, 0xE8, 0x05, 0xFF, 0xFF, 0x52, 0xA4, 0x52, 0xA5});
  EXPECT_THAT(heard_.kinds, ElementsAre(Kind::corrupted, Kind::timestamp));
  ASSERT_GE(heard_.samples.size(), 2U);
  EXPECT_EQ(heard_.samples[heard_.samples.size() - 2], 0x52A4);
  EXPECT_EQ(heard_.samples.back(), 0x52A5);
}

TEST_F(PowershieldStreamTest, SkipsAFrameOfAnUnknownKind) {
  start_binary();
  bytes({0xF0, 0xFE, 1, 2, 3, 4, 0x52, 0xA0, 0xF0, 0xF4, 0xFF, 0xFF});
  EXPECT_THAT(heard_.kinds, ElementsAre(Kind::corrupted, Kind::completed));
  EXPECT_EQ(heard_.notices[0].skipped, 8U);
}

TEST(PowershieldDialects, DifferInTheLengthOfTheOvercurrentFrame) {
  Heard heard;
  PowershieldStream stream(stlink_v3pwr_dialect(), heard);
  stream.expect_binary();
  const std::string ack = "ack start\r\n\r\n";
  stream.feed({reinterpret_cast<const std::uint8_t*>(ack.data()), ack.size()});
  const std::vector<std::uint8_t> frame{0xF0, 0xF5, 1, 2, 3, 4, 0xFF, 0xFF, 0x41, 0x23};
  stream.feed(frame);
  EXPECT_THAT(heard.kinds, ElementsAre(Kind::acknowledged, Kind::overcurrent));
  EXPECT_THAT(heard.samples, ElementsAre(0x4123));
}

std::vector<std::uint8_t> long_binary_stream() {
  std::vector<std::uint8_t> bytes;
  for (int second = 1; second <= 20; ++second) {
    for (int i = 0; i < 500; ++i) bytes.insert(bytes.end(), {0x52, static_cast<std::uint8_t>(i)});
    const int ms = second * 1000;
    bytes.insert(bytes.end(), {0xF0, 0xF3, 0, 0, static_cast<std::uint8_t>(ms >> 8),
                               static_cast<std::uint8_t>(ms), 7, 0xFF, 0xFF});
  }
  bytes.insert(bytes.end(), {0xF0, 0xF4, 0xFF, 0xFF});
  return bytes;
}

TEST_F(PowershieldStreamTest, ReadsTheSameFromFragmentsOfAnySize) {
  const std::vector<std::uint8_t> all = long_binary_stream();
  start_binary();
  stream_.feed(all);
  const std::vector<int> whole = heard_.samples;
  ASSERT_EQ(whole.size(), 10'000U);
  for (std::size_t size : {1U, 2U, 3U, 7U, 64U, 4095U}) {
    Heard heard;
    PowershieldStream stream(lpm01a_dialect(), heard);
    stream.expect_binary();
    const std::string ack = "PowerShield > ack start\r\n\r\n";
    for (char c : ack) stream.feed(std::vector<std::uint8_t>{static_cast<std::uint8_t>(c)});
    for (std::size_t at = 0; at < all.size(); at += size) {
      stream.feed(std::span(all).subspan(at, std::min(size, all.size() - at)));
    }
    EXPECT_EQ(heard.samples, whole) << size;
    EXPECT_EQ(heard.kinds.size(), 22U) << size;
  }
}

}  // namespace
}  // namespace tinyhil::meter
