// SPDX-License-Identifier: Apache-2.0
#include "line_text.hpp"

#include <gtest/gtest.h>

#include "line.hpp"

namespace tinyhil::sim {
namespace {

using namespace std::chrono_literals;

std::string printed(const PrintedText& text, const std::string& bytes) {
  LineText line(text);
  std::string all;
  for (const char byte : bytes) {
    all += line.before(static_cast<std::uint8_t>(byte));
    all += byte;
  }
  return all;
}

std::string zeros(std::string text) {
  for (char& letter : text) {
    if (letter == '0') letter = '\0';
  }
  return text;
}

TEST(LineText, PrintsBeforeTheZeroThatAFrameBeginsWith) {
  const PrintedText every{.before = 1, .line = "T"};
  EXPECT_EQ(printed(every, zeros("0abc00def0")), zeros("T0abc0T0def0"));
}

TEST(LineText, PrintsBeforeTheFirstByteOfAFrameThatHasNoLeadingZero) {
  const PrintedText every{.before = 1, .line = "T"};
  EXPECT_EQ(printed(every, zeros("abc0def0")), zeros("Tabc0Tdef0"));
}

TEST(LineText, PrintsBeforeEachSecondFrame) {
  const PrintedText second{.before = 2, .line = "T"};
  EXPECT_EQ(printed(second, zeros("0a00b00c00d0")), zeros("0a0T0b00c0T0d0"));
}

TEST(LineText, PrintsInTheMiddleOfAFrameThatIsLongEnough) {
  const PrintedText every{.inside = 1, .line = "T"};
  EXPECT_EQ(printed(every, zeros("0abcdefghijkl00ab0")), zeros("0abcdefghTijkl00ab0"));
}

TEST(LineText, EachLineOfTheLogIsAnother) {
  const std::string log = printed({.before = 1}, zeros("0a00b0"));
  EXPECT_NE(log.find("line 1\r\n"), std::string::npos);
  EXPECT_NE(log.find("line 2\r\n"), std::string::npos);
}

LineDirection booting(LineWay way) {
  const PrintedText printed{.banner = "up", .boot = 3s};
  return LineDirection({.printed = printed}, 1, way);
}

const LineDirection::Time kPowerOn(std::chrono::hours(1));

TEST(LineText, ABootingBoardIsDeaf) {
  LineDirection line = booting(LineWay::to_device);
  const std::uint8_t byte = 7;
  line.power_on(kPowerOn);
  line.offer(std::span(&byte, 1), kPowerOn + 2s);
  line.offer(std::span(&byte, 1), kPowerOn + 3s);
  EXPECT_EQ(line.take(kPowerOn + 4s).size(), 1U);
  EXPECT_EQ(line.counts().bytes_unheard, 1U);
}

TEST(LineText, WhatABootingBoardSaysWaitsBehindItsBanner) {
  LineDirection line = booting(LineWay::to_host);
  const std::uint8_t byte = 7;
  line.power_on(kPowerOn);
  line.offer(std::span(&byte, 1), kPowerOn);
  EXPECT_EQ(line.take(kPowerOn), (std::vector<std::uint8_t>{'u', 'p'}));
  EXPECT_TRUE(line.take(kPowerOn + 2999ms).empty());
  EXPECT_EQ(line.take(kPowerOn + 3s), std::vector<std::uint8_t>{7});
  EXPECT_EQ(line.counts().bytes_printed, 2U);
}

}  // namespace
}  // namespace tinyhil::sim
