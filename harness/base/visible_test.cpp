// SPDX-License-Identifier: Apache-2.0
#include "visible.hpp"

#include <gtest/gtest.h>

namespace tinyhil {
namespace {

TEST(Visible, LeavesTextOfAnyLanguageAsItIs) {
  const std::string text = "p99 ≤ 5 µs\tgrün, 日本語, \U0001F600\n";
  EXPECT_EQ(visible(text), text);
}

TEST(Visible, ShowsWhatWouldSteerTheTerminal) {
  EXPECT_EQ(visible("\x1b[2Jpass\r\b\x7f"), "\\u001b[2Jpass\\u000d\\u0008\\u007f");
  EXPECT_EQ(visible(std::string("a\0b", 3)), "a\\u0000b");
  EXPECT_EQ(visible("\xc2\x9b"
                    "31m"),
            "\\u009b31m");
}

TEST(Visible, ShowsWhatWouldTurnTheOrderOfLetters) {
  EXPECT_EQ(visible("\u202Eliaf\u202C \u2066x\u2069"), "\\u202eliaf\\u202c \\u2066x\\u2069");
}

TEST(Visible, ShowsBytesThatAreNoText) {
  EXPECT_EQ(visible("\x9b"
                    "31m \xe2\x82 \xff"),
            "\\x9b31m \\xe2\\x82 \\xff");
}

TEST(Visible, KeepsALineOneLine) { EXPECT_EQ(visible_line("a\nb\tc"), "a\\nb\\tc"); }

TEST(Visible, ACharacterThatIsCutWaitsForItsRest) {
  EXPECT_EQ(whole_characters("abc"), 3U);
  EXPECT_EQ(whole_characters("ab\xe2\x82"), 2U);
  EXPECT_EQ(whole_characters("ab\xe2\x82\xac"), 5U);
  EXPECT_EQ(whole_characters("\x82\x82\x82\x82"), 4U) << "nothing that begins a character";
  EXPECT_EQ(whole_characters(""), 0U);
}

}  // namespace
}  // namespace tinyhil
