// SPDX-License-Identifier: Apache-2.0
#include "listener.hpp"

#include <gtest/gtest.h>

#include "testing/virtual_line.hpp"

namespace tinyhil::device {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <class Message>
Bytes frame_of(const Message& message) {
  const thil_frame_header header{Wire<Message>::kId, 0, 7, 8, 3, 0};
  const Bytes payload = pack(message);
  Bytes line(THIL_FRAME_LINE_MAX);
  line.resize(thil_frame_encode(&header, {payload.data(), payload.size()}, line.data(), line.size()));
  return line;
}

class ListenerTest : public ::testing::Test {
 protected:
  void hear(const Bytes& bytes) {
    listener.hear(bytes, [this](const LineEvent& event) {
      heard.push_back(std::string(to_string(event.kind)) + " " + event.words);
    });
  }

  LineListener listener;
  std::vector<std::string> heard;
};

TEST_F(ListenerTest, TellsTextFromFrames) {
  Bytes line = test::bytes_of("[ 0.1] boot\r\n[ 0.2] up\r\n");
  const Bytes booted = frame_of(thil_booted{});
  line.insert(line.end(), booted.begin(), booted.end());
  for (const std::uint8_t byte : line) hear({byte});
  EXPECT_EQ(heard, (std::vector<std::string>{"text [ 0.1] boot", "text [ 0.2] up",
                                             "frame booted, epoch 7, number 3, 0 bytes"}));
}

TEST_F(ListenerTest, ShowsWhatTheBoardLogs) {
  thil_log log{};
  log.level = THIL_LOG_ERROR;
  log.lost = 2;
  const std::string text = "bad\x1b[2J";
  log.text = {text.data(), static_cast<std::uint8_t>(text.size())};
  hear(frame_of(log));
  EXPECT_EQ(heard, std::vector<std::string>{"log error: bad\\u001b[2J (2 before it found no room)"});
}

TEST_F(ListenerTest, ShowsTextAtOnceThoughNoFrameComes) {
  hear(test::bytes_of("ready\nwai"));
  EXPECT_EQ(heard, std::vector<std::string>{"text ready"});
  hear(test::bytes_of("ting\n"));
  EXPECT_EQ(heard.back(), "text waiting");
}

TEST_F(ListenerTest, ShowsNoiseByItsBytes) {
  hear({0x1C, 0xFF, 0x00});
  EXPECT_EQ(heard, std::vector<std::string>{"noise 2 bytes: 1c ff"});
}

TEST_F(ListenerTest, ADamagedFrameIsNoiseAndTheNextIsHeard) {
  Bytes damaged = frame_of(thil_booted{});
  damaged[4] ^= 0x40;
  hear(damaged);
  hear(frame_of(thil_booted{}));
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].substr(0, 5), "noise");
  EXPECT_EQ(heard[1].substr(0, 12), "frame booted");
}

TEST_F(ListenerTest, WhatNeverEndsIsBounded) {
  for (int i = 0; i < 100; ++i) hear(Bytes(1000, 0xAA));
  EXPECT_LT(heard.size(), 60U);
  for (const std::string& words : heard) EXPECT_LT(words.size(), 200U);
}

}  // namespace
}  // namespace tinyhil::device
