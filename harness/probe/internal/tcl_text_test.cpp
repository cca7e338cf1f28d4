// SPDX-License-Identifier: Apache-2.0
#include "tcl_text.hpp"

#include <gmock/gmock.h>

namespace tinyhil::probe {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(TclList, HasWordsBracesQuotesAndBackslashes) {
  EXPECT_THAT(tcl_list(" a  {b c} \"d e\" f\\ g ", 10), Optional(ElementsAre("a", "b c", "d e", "f g")));
  EXPECT_THAT(tcl_list("{a {b c}} {}", 10), Optional(ElementsAre("a {b c}", "")));
  EXPECT_THAT(tcl_list("line\\nend {raw\\n}", 10), Optional(ElementsAre("line\nend", "raw\\n")));
  EXPECT_THAT(tcl_list("{a \\} b}", 10), Optional(ElementsAre("a \\} b")));
  EXPECT_THAT(tcl_list("", 10), Optional(testing::IsEmpty()));
}

TEST(TclList, IsNoneWhenItIsNotWholeOrTooLong) {
  EXPECT_EQ(tcl_list("{a", 10), std::nullopt);
  EXPECT_EQ(tcl_list("\"a", 10), std::nullopt);
  EXPECT_EQ(tcl_list("{a}b", 10), std::nullopt);
  EXPECT_EQ(tcl_list("a b c", 2), std::nullopt);
}

TEST(TclWord, IsReadBackAsItWas) {
  for (const std::string text :
       {"", "plain", "two words", "{", "}", "[exit]", "$x", "a;b", "\"", "back\\slash", "#", "a\nb"}) {
    EXPECT_THAT(tcl_list(tcl_word(text), 10), Optional(ElementsAre(text)));
  }
}

TEST(TclReply, HasStatusAndText) {
  const auto good = tcl_reply("0 {0x1 0x2}");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->status, 0);
  EXPECT_EQ(good->text, "0x1 0x2");
  const auto bad = tcl_reply("1 {invalid command name \"nonsense\"}");
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->status, 1);
  EXPECT_EQ(bad->text, "invalid command name \"nonsense\"");
}

TEST(TclReply, IsNoneWhereTheStatusIsMissing) {
  EXPECT_FALSE(tcl_reply(""));
  EXPECT_FALSE(tcl_reply("0"));
  EXPECT_FALSE(tcl_reply("zero {}"));
  EXPECT_FALSE(tcl_reply("0 a b"));
  EXPECT_FALSE(tcl_reply("HTTP/1.1 400"));
}

TEST(TclNumbers, AreHexadecimalOrDecimal) {
  EXPECT_THAT(tcl_numbers("0xdeadbeef 17 0x0", 3), Optional(ElementsAre(0xDEADBEEF, 17, 0)));
  EXPECT_EQ(tcl_numbers("0x100000000", 3), std::nullopt);
  EXPECT_EQ(tcl_numbers("1 2 3 4", 3), std::nullopt);
  EXPECT_EQ(tcl_numbers("1 x", 3), std::nullopt);
  EXPECT_EQ(tcl_numbers("-1", 3), std::nullopt);
}

}  // namespace
}  // namespace tinyhil::probe
