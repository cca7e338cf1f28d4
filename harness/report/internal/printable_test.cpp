// SPDX-License-Identifier: Apache-2.0
#include "printable.hpp"

#include <gtest/gtest.h>

namespace tinyhil::report {
namespace {

TEST(Printable, LeavesTextOfManyScriptsAlone) {
  EXPECT_EQ(printable("plain, µs, −, 日本, 🙂\tand\nlines"),
            "plain, µs, −, 日本, 🙂\tand\nlines");
}

TEST(Printable, ShowsControlCharactersAsPictures) {
  EXPECT_EQ(printable(std::string_view("a\0b\x1B\x7F", 5)), "a␀b␛␡");
}

TEST(Printable, WritesOutWhatTurnsTheOrderOfLettersOrSteersATerminal) {
  EXPECT_EQ(printable("\u202Eliaf\u2069\u009B"), "\\u202eliaf\\u2069\\u009b");
}

TEST(Printable, ReplacesEachByteThatIsNotUtf8) {
  EXPECT_EQ(printable("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(printable("cut \xE2\x88"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Printable, RefusesOverlongFormsSurrogatesAndNonCharacters) {
  const std::string three = "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD";
  EXPECT_EQ(printable("\xE0\x80\xAF"), three);
  EXPECT_EQ(printable("\xED\xA0\x80"), three);
  EXPECT_EQ(printable("\xEF\xBF\xBF"), three);
}

TEST(Clipped, KeepsTextThatFits) { EXPECT_EQ(clipped("arena", 5), "arena"); }

TEST(Clipped, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(clipped("scottish accent", 11), "scottish…");
  EXPECT_EQ(clipped("µµµµ", 6), "µ…");
}

TEST(Clipped, NeverExceedsTheLimitWhenPicturesGrowTheText) {
  EXPECT_LE(clipped(std::string(1000, '\x01'), 100).size(), 100u);
  EXPECT_LE(clipped(std::string(60, '\x01'), 100).size(), 100u);
}

}  // namespace
}  // namespace tinyhil::report
