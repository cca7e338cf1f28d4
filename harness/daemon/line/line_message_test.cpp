// SPDX-License-Identifier: Apache-2.0
#include "line_message.hpp"

#include <gtest/gtest.h>

namespace tinyhil::daemon {

namespace {

using namespace std::string_literals;

template <class Message>
Message again(const Message& message) {
  const std::optional<LineMessage> read = line_message(to_message(message));
  return read ? std::get<Message>(*read) : Message{};
}

TEST(LineMessage, IsReadAsItWasWritten) {
  EXPECT_EQ(again(LineBytes{0x0102030405060708, "a\0b"s}).bytes, "a\0b"s);
  EXPECT_EQ(again(LineBytes{0x0102030405060708, "x"}).offset, 0x0102030405060708U);
  EXPECT_EQ(again(LineTaken{7}).offset, 7U);
  const LineBegun begun = again(LineBegun{"f00", "serial /dev/ttyACM0", 5, 6});
  EXPECT_EQ(begun.line + " " + begun.description, "f00 serial /dev/ttyACM0");
  EXPECT_EQ(begun.next, 5U);
  EXPECT_EQ(begun.taken, 6U);
  EXPECT_EQ(again(LineEnded{"gone", "exited with status 1"}).last_words, "exited with status 1");
}

TEST(LineMessage, HasItsOffsetInLittleEndian) {
  EXPECT_EQ(to_message(LineBytes{258, "x"}), "\x01\x02\x01\0\0\0\0\0\0x"s);
}

TEST(LineMessage, IsNothingWhereItIsCutOrOfAnotherKind) {
  for (const std::string& text : {""s, "\x01"s, "\x01\0\0\0\0\0\0\0"s, "\x02\0\0\0\0\0\0\0\0x"s, "\x05{}"s,
                                  "\x03"s, "\x03{}"s, "\x04[]"s, "\x04{\"what\": 1, \"last_words\": \"\"}"s,
                                  "\x03{\"line\": \"\", \"description\": \"\", \"next\": -1, \"taken\": 0}"s,
                                  "\x01\xff\xff\xff\xff\xff\xff\xff\xffx"s}) {
    const std::optional<LineMessage> message = line_message(text);
    if (message && std::holds_alternative<LineBegun>(*message)) {
      EXPECT_GT(std::get<LineBegun>(*message).next, kBoardWindowMost) << "an offset that nobody has";
    } else {
      EXPECT_FALSE(message) << text;
    }
  }
}

}  // namespace

}  // namespace tinyhil::daemon
