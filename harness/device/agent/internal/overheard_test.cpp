// SPDX-License-Identifier: Apache-2.0
#include "overheard.hpp"

#include <gtest/gtest.h>

#include "testing/virtual_line.hpp"

namespace tinyhil::device {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(PlainText, IsWhatATerminalShows) {
  EXPECT_TRUE(is_plain_text(test::bytes_of("[ 0.1] boot\r\n")));
  EXPECT_TRUE(is_plain_text(test::bytes_of("\x1b[32mI (312) cpu_start\x1b[0m\n"))) << "in colour";
  EXPECT_TRUE(
      is_plain_text(test::bytes_of("Temperatur 21 \xc2\xb0"
                                   "C")));
}

TEST(PlainText, IsNoPieceOfAFrame) {
  EXPECT_FALSE(is_plain_text(Bytes{2, 0x87, 1, 'a', 'b', 'c', 'd'})) << "control characters";
  EXPECT_FALSE(is_plain_text(Bytes{'a', 'b', 0xFF, 0xFE, 'c'})) << "no UTF-8";
  EXPECT_FALSE(is_plain_text(test::bytes_of("abc"))) << "too short to know";
}

TEST(Overheard, CountsStretchesOfTextThatNoFrameEnds) {
  Overheard overheard;
  Bytes stream = test::bytes_of("first line\n");
  stream.push_back(0);
  const Bytes more = test::bytes_of("second");
  stream.insert(stream.end(), more.begin(), more.end());
  overheard.hear(stream, false, true);
  EXPECT_EQ(overheard.texts(), 1U);
  EXPECT_EQ(overheard.text(), "first line\nsecond");
  overheard.hear(Bytes{0}, false, true);
  EXPECT_EQ(overheard.texts(), 2U);
}

TEST(Overheard, FindsTextInWhatWasDamaged) {
  Overheard overheard;
  Bytes stream{3, 1, 1, 0x87};
  const Bytes text = test::bytes_of("E (99) app: out of memory\n");
  stream.insert(stream.end(), text.begin(), text.end());
  stream.insert(stream.end(), {9, 9, 0});
  overheard.hear(stream, false, true);
  EXPECT_EQ(overheard.texts(), 0U);
  EXPECT_EQ(overheard.text(), "E (99) app: out of memory\n\t\t");
}

TEST(Overheard, ShowsTheFirstBytesOfNoise) {
  Overheard overheard;
  overheard.hear(Bytes{0x1C, 0xFF, 0}, false, true);
  EXPECT_EQ(overheard.text(), "");
  EXPECT_EQ(overheard.first_bytes(), " 1c ff");
}

}  // namespace
}  // namespace tinyhil::device
