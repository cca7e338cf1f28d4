// SPDX-License-Identifier: Apache-2.0
#include "websocket_frames.hpp"

#include <gmock/gmock.h>

#include "websocket_handshake.hpp"

namespace tinyhil::daemon {

namespace {

using namespace std::string_literals;

constexpr std::size_t kFrameMost = 1000;

std::string masked(const std::string& bytes) {
  FrameReader reader(Masks::yes, kFrameMost);
  EXPECT_TRUE(reader.put(bytes));
  const std::optional<Frame> frame = reader.next();
  return frame ? frame->content : "nothing";
}

std::uint16_t failure_of(const std::string& bytes, Masks sender = Masks::no) {
  FrameReader reader(sender, kFrameMost);
  reader.put(bytes);
  EXPECT_FALSE(reader.next());
  return reader.failure();
}

// RFC 6455, 5.7, with binary in place of text.
TEST(WebSocketFrames, ReadsTheExamplesOfTheStandard) {
  EXPECT_EQ(masked("\x82\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s), "Hello");
  FrameReader reader(Masks::no, kFrameMost);
  ASSERT_TRUE(reader.put("\x02\x03Hel\x80\x02lo"s));
  EXPECT_EQ(reader.next()->content, "Hello");
  EXPECT_FALSE(reader.next());
}

TEST(WebSocketFrames, ReadsAPingBetweenTheFramesOfAMessage) {
  FrameReader reader(Masks::no, kFrameMost);
  ASSERT_TRUE(
      reader.put("\x02\x01"
                 "a\x89\x01p\x80\x01"
                 "b"s));
  const std::optional<Frame> ping = reader.next();
  EXPECT_EQ(ping->kind, Frame::Kind::ping);
  EXPECT_EQ(ping->content, "p");
  EXPECT_EQ(reader.next()->content, "ab");
}

TEST(WebSocketFrames, ReadsWhatItWritesInAnyPieces) {
  const std::array<std::uint8_t, 4> mask{1, 2, 3, 4};
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65'535U, 65'536U, 70'000U}) {
    SCOPED_TRACE(size);
    const std::string content(size, 'x');
    const std::string bytes =
        frame_bytes({Frame::Kind::data, content}, mask) + frame_bytes({Frame::Kind::ping, "p"}, mask);
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
      FrameReader reader(Masks::yes, 70'000);
      for (std::size_t at = 0; at < bytes.size(); at += step)
        ASSERT_TRUE(reader.put(std::string_view(bytes).substr(at, step)));
      EXPECT_EQ(reader.next()->content, content);
      EXPECT_EQ(reader.next()->kind, Frame::Kind::ping);
    }
  }
}

TEST(WebSocketFrames, RefusesWhatTheStandardForbids) {
  EXPECT_EQ(failure_of("\x82\x85mask"s), close_code::kProtocol) << "a server that masks";
  EXPECT_EQ(failure_of("\x82\x01x"s, Masks::yes), close_code::kProtocol) << "a client that does not";
  EXPECT_EQ(failure_of("\xc2\x01x"s), close_code::kProtocol) << "an extension";
  EXPECT_EQ(failure_of("\x83\x01x"s), close_code::kProtocol) << "an unknown opcode";
  EXPECT_EQ(failure_of("\x8b\x01x"s), close_code::kProtocol) << "an unknown control opcode";
  EXPECT_EQ(failure_of("\x80\x01x"s), close_code::kProtocol) << "the end of no message";
  EXPECT_EQ(failure_of("\x02\x01x\x82\x01x"s), close_code::kProtocol) << "a message within another";
  EXPECT_EQ(failure_of("\x09\x01x"s), close_code::kProtocol) << "a ping in several frames";
  EXPECT_EQ(failure_of("\x89\x7e\x00\x7e"s), close_code::kProtocol) << "a ping of 126 bytes";
  EXPECT_EQ(failure_of("\x88\x01x"s), close_code::kProtocol) << "half a close code";
  EXPECT_EQ(failure_of("\x88\x02\x03\xed"s), close_code::kProtocol) << "1005, which is never sent";
  EXPECT_EQ(failure_of("\x81\x01x"s), close_code::kNotBinary);
}

TEST(WebSocketFrames, RefusesAMessageBeyondItsBoundBeforeItHasCome) {
  EXPECT_EQ(failure_of("\x82\x7e\x03\xe9"s), close_code::kTooLarge);
  EXPECT_EQ(failure_of("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff"s), close_code::kTooLarge);
  EXPECT_EQ(failure_of("\x02\x01x\x80\x7e\x03\xe8"s), close_code::kTooLarge) << "in several frames";
}

TEST(WebSocketFrames, CutsTheReasonOfAClosingAtAWholeCharacter) {
  const std::string content = close_content(close_code::kTrouble, std::string(122, 'a') + "ä");
  EXPECT_EQ(content, "\x03\xf3"s + std::string(122, 'a'));
}

// RFC 6455, 1.3.
TEST(WebSocketHandshake, AnswersAKeyAsTheStandardDoes) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace

}  // namespace tinyhil::daemon
