// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "testing/virtual_line.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

Bytes frame(std::uint8_t type, std::uint8_t flags, std::uint8_t epoch, std::uint8_t credit,
            std::uint16_t ack) {
  const thil_frame_header header{type, flags, epoch, credit, 0, ack};
  Bytes line(THIL_FRAME_LINE_MAX);
  line.resize(thil_frame_encode(&header, {nullptr, 0}, line.data(), line.size()));
  return line;
}

// Frames of type 9, with what they say.
Bytes told(std::uint8_t credit, std::uint16_t ack) { return frame(9, 0, 5, credit, ack); }
Bytes reply(std::uint8_t credit, std::uint16_t ack) { return frame(9, THIL_FRAME_REPLY, 5, credit, ack); }

int hear(Session& session, const Bytes& bytes) {
  session.arrived(bytes);
  int frames = 0;
  while (session.next()) ++frames;
  return frames;
}

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() { session.open(5); }
  Session session;
};

TEST_F(SessionTest, AllowsOneFrameUntilTheDeviceGrantsMore) {
  EXPECT_TRUE(session.room());
  EXPECT_TRUE(session.is_last_room());
  EXPECT_EQ(session.post(1, {}), 0);
  EXPECT_FALSE(session.room());
  EXPECT_EQ(hear(session, reply(3, 0)), 1);
  EXPECT_EQ(session.answered(), 1);
  for (std::uint16_t i = 1; i <= 3; ++i) {
    EXPECT_TRUE(session.room());
    EXPECT_EQ(session.post(1, {}), i);
  }
  EXPECT_FALSE(session.room());
}

TEST_F(SessionTest, NoCreditStillAllowsOneFrameAndMuchCreditIsNotAllUsed) {
  session.post(1, {});
  hear(session, reply(0, 0));
  EXPECT_TRUE(session.room());
  session.post(1, {});
  EXPECT_FALSE(session.room());
  hear(session, reply(255, 1));
  EXPECT_EQ(session.credit(), 16U);
}

TEST_F(SessionTest, WhatTheDeviceWentPastIsAnswered) {
  for (int i = 0; i < 4; ++i) session.post(1, {});
  hear(session, told(8, 3));
  EXPECT_EQ(session.answered(), 3);
  hear(session, reply(8, 1));
  EXPECT_EQ(session.answered(), 3) << "an earlier frame that comes late takes nothing back";
}

TEST_F(SessionTest, WhatWasNeverSentIsNotAnswered) {
  session.post(1, {});
  hear(session, told(8, 2));
  EXPECT_EQ(session.answered(), 0);
  hear(session, told(8, 40'000));
  EXPECT_EQ(session.answered(), 0);
}

TEST_F(SessionTest, NumbersWrapAround) {
  for (std::uint32_t i = 0; i < 70'000; ++i) {
    ASSERT_TRUE(session.room());
    ASSERT_EQ(session.post(1, {}), static_cast<std::uint16_t>(i));
    session.written(session.outgoing().size());
    ASSERT_EQ(hear(session, reply(1, static_cast<std::uint16_t>(i))), 1);
  }
  EXPECT_TRUE(is_before(65'535, 0));
  EXPECT_FALSE(is_before(0, 65'535));
  EXPECT_FALSE(is_before(7, 7));
}

TEST_F(SessionTest, DropsFramesOfOtherSessionsButHearsOfABoot) {
  EXPECT_EQ(hear(session, frame(9, 0, 4, 9, 0)), 0);
  EXPECT_EQ(hear(session, frame(9, 0, 0, 9, 0)), 0);
  EXPECT_EQ(hear(session, frame(THIL_ID_booted, 0, 4, 9, 0)), 0);
  EXPECT_EQ(session.credit(), 1U);
  EXPECT_EQ(hear(session, frame(THIL_ID_booted, 0, 0, 9, 0)), 1);
  EXPECT_EQ(session.credit(), 1U) << "a device without a session grants nothing";
}

TEST_F(SessionTest, ANewSessionForgetsWhatWasUnderWay) {
  session.post(1, {});
  session.post(1, {});
  session.open(6);
  EXPECT_TRUE(session.room());
  EXPECT_EQ(Bytes(session.outgoing().begin(), session.outgoing().end()), Bytes{0})
      << "ends a frame that is half on the line";
  EXPECT_EQ(session.post(1, {}), 0);
  EXPECT_EQ(hear(session, told(8, 1)), 0) << "of epoch 5";
}

TEST_F(SessionTest, DropsAFrameWithAFlippedBitAndHearsTheNext) {
  Bytes bytes = told(8, 0);
  bytes[4] ^= 0x10;
  const Bytes good = told(8, 0);
  bytes.insert(bytes.end(), good.begin(), good.end());
  EXPECT_EQ(hear(session, bytes), 1);
  EXPECT_EQ(session.counters().frames_bad, 1U);
  EXPECT_EQ(session.counters().frames_good, 1U);
  EXPECT_EQ(session.counters().bytes_in, bytes.size());
}

TEST_F(SessionTest, HearsAFrameThatComesInPieces) {
  const Bytes bytes = told(8, 0);
  int frames = 0;
  for (const std::uint8_t byte : bytes) frames += hear(session, {byte});
  EXPECT_EQ(frames, 1);
}

TEST_F(SessionTest, KeepsWhatTheLineDidNotTakeYet) {
  session.written(session.outgoing().size());
  session.post(1, {});
  const std::size_t size = session.outgoing().size();
  session.written(3);
  EXPECT_EQ(session.outgoing().size(), size - 3);
  session.post(1, {});
  EXPECT_EQ(session.outgoing().size(), 2 * size - 4) << "they share a zero";
  session.written(2 * size - 4);
  EXPECT_TRUE(session.outgoing().empty());
  EXPECT_EQ(session.counters().bytes_out, 2 * size);
}

TEST_F(SessionTest, PatienceFollowsTheAnswersAndForgetsSlowly) {
  const auto first = session.patience();
  for (int i = 0; i < 100; ++i) session.answered_after(milliseconds(1));
  EXPECT_LT(session.patience(), first);
  EXPECT_EQ(session.patience(), milliseconds(50)) << "not less";
  session.answered_after(milliseconds(200));
  EXPECT_EQ(session.patience(), milliseconds(600));
  session.answered_after(milliseconds(1));
  EXPECT_EQ(session.patience(), milliseconds(525));
  session.answered_after(milliseconds(60'000));
  EXPECT_EQ(session.patience(), milliseconds(2000)) << "not more";
}

TEST_F(SessionTest, TwoHundredAndFiftyFiveRunsHaveDifferentNumbersAndNoneIsZero) {
  std::vector<int> seen(256);
  for (int i = 0; i < 255; ++i) ++seen[session.number_run()];
  EXPECT_EQ(seen[0], 0);
  EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), 255);
}

TEST_F(SessionTest, TextBetweenFramesIsKeptAndDamagesNone) {
  Bytes line = test::bytes_of("[ 12.3] I (app): up\r\n");
  const Bytes good = told(1, 0);
  line.insert(line.end(), good.begin(), good.end());
  EXPECT_EQ(hear(session, line), 1);
  EXPECT_EQ(session.stray(), "the line carries text: `[ 12.3] I (app): up\\u000d\\n`");
  EXPECT_EQ(session.counters().frames_bad, 0U);
}

TEST_F(SessionTest, TextInAFrameIsKeptAndCostsTheFrame) {
  Bytes line = told(1, 0);
  const Bytes text = test::bytes_of("[ 12.3] I (app): up\r\n");
  line.insert(line.begin() + 5, text.begin(), text.end());
  EXPECT_EQ(hear(session, line), 0);
  EXPECT_NE(session.stray().find("[ 12.3] I (app): up"), std::string::npos) << session.stray();
  EXPECT_EQ(session.counters().frames_bad, 1U);
}

TEST_F(SessionTest, AMessageOfTheBoardsIsKeptWhateverItsEpochAndIsNobodysAnswer) {
  for (const std::uint8_t epoch : {0, 5, 9}) {
    const thil_frame_header header{THIL_ID_log, 0, epoch, 8, 0, 0};
    thil_log log{};
    log.level = THIL_LOG_WARNING;
    const std::string text = "arena\x1b[2J " + std::to_string(epoch);
    log.text = {text.data(), static_cast<std::uint8_t>(text.size())};
    const Bytes payload = pack(log);
    Bytes line(THIL_FRAME_LINE_MAX);
    line.resize(thil_frame_encode(&header, {payload.data(), payload.size()}, line.data(), line.size()));
    EXPECT_EQ(hear(session, line), 0);
  }
  EXPECT_EQ(session.logged(),
            "the board says: warning: arena\\u001b[2J 0; warning: arena\\u001b[2J 5; "
            "warning: arena\\u001b[2J 9");
}

TEST_F(SessionTest, FramesBackToBackShareTheZeroBetweenThem) {
  session.written(session.outgoing().size());
  session.post(1, {});
  const std::size_t one = session.outgoing().size();
  session.post(1, {});
  EXPECT_EQ(session.outgoing().size(), 2 * one - 1);
  EXPECT_EQ(std::count(session.outgoing().begin(), session.outgoing().end(), 0), 3);
}

TEST_F(SessionTest, TakesNoFrameForText) {
  hear(session, {0});
  for (int i = 0; i < 3; ++i) hear(session, told(1, 0));
  EXPECT_EQ(session.stray(), "");
}

TEST_F(SessionTest, TextThatNeverEndsIsBounded) {
  for (int i = 0; i < 5000; ++i) hear(session, test::bytes_of("ready> "));
  EXPECT_LT(session.stray().size(), 500U);
}

}  // namespace
}  // namespace tinyhil::device
