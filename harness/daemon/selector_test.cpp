// SPDX-License-Identifier: Apache-2.0
#include "selector.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "stats/seeded_random.hpp"
#include "testing/complaint.hpp"

namespace tinyhil::daemon {
namespace {

using test::complaint;
using testing::HasSubstr;

const Labels kNucleo = {{"board", "nucleo-1"}, {"chip", "stm32f4"}, {"probe", "st-link"}};

bool matches(const char* selector) { return Selector::parse(selector).matches(kNucleo); }
std::string canonical(const char* selector) { return Selector::parse(selector).text(); }
std::string refusal(std::string_view selector) {
  return complaint([&] { Selector::parse(selector); });
}

TEST(Selector, MatchesAValue) {
  EXPECT_TRUE(matches("chip=stm32f4"));
  EXPECT_TRUE(matches("chip == stm32f4"));
  EXPECT_FALSE(matches("chip=stm32"));
  EXPECT_FALSE(matches("pool=lab"));
}

TEST(Selector, MatchesAnyOtherValueAndNone) {
  EXPECT_FALSE(matches("chip!=stm32f4"));
  EXPECT_TRUE(matches("chip!=nrf52"));
  EXPECT_TRUE(matches("pool!=lab"));
}

TEST(Selector, MatchesALabelThatIsThereOrNot) {
  EXPECT_TRUE(matches("probe"));
  EXPECT_FALSE(matches("meter"));
  EXPECT_TRUE(matches("!meter"));
  EXPECT_FALSE(matches("! probe"));
}

TEST(Selector, MatchesOneOfAListOrNone) {
  EXPECT_TRUE(matches("board in (nucleo-2, nucleo-1)"));
  EXPECT_FALSE(matches("board in (nucleo-2)"));
  EXPECT_FALSE(matches("pool in (lab)"));
  EXPECT_FALSE(matches("board notin (nucleo-1,nucleo-2)"));
  EXPECT_TRUE(matches("board notin (nucleo-2)"));
  EXPECT_TRUE(matches("pool notin (lab)"));
}

TEST(Selector, WantsEveryTerm) {
  EXPECT_TRUE(matches("chip=stm32f4,pool!=lab,probe,!meter,board in (nucleo-1)"));
  EXPECT_FALSE(matches("chip=stm32f4,meter"));
  EXPECT_FALSE(matches("probe,!probe"));
}

TEST(Selector, WithoutATermMatchesEverything) {
  EXPECT_TRUE(matches(""));
  EXPECT_TRUE(matches("  "));
  EXPECT_TRUE(Selector().matches({}));
}

TEST(Selector, TakesOperatorsForWordsWhereNoOperatorCanStand) {
  EXPECT_TRUE(Selector::parse("in in (in, notin)").matches({{"in", "notin"}}));
  EXPECT_TRUE(Selector::parse("notin").matches({{"notin", ""}}));
}

TEST(Selector, HasOneTextHoweverItIsWritten) {
  EXPECT_EQ(canonical(" probe ,chip==stm32f4,probe"), "chip=stm32f4,probe");
  EXPECT_EQ(canonical("board in(b,a , b)"), "board in (a,b)");
  EXPECT_EQ(canonical("board notin (b, a)"), "board notin (a,b)");
  EXPECT_EQ(canonical("chip in (nrf52)"), "chip=nrf52");
  EXPECT_EQ(canonical("chip notin (nrf52),! meter"), "chip!=nrf52,!meter");
  EXPECT_EQ(canonical(""), "");
  EXPECT_EQ(Selector::parse("a,b"), Selector::parse("b , a"));
  EXPECT_NE(Selector::parse("a"), Selector::parse("!a"));
}

TEST(Selector, SaysWhereAMistakeIsAndWhatToWrite) {
  EXPECT_EQ(refusal("chip=stm32f4,pool="),
            "selector, column 19: the end stands where a value is expected; write a value here, or `pool` "
            "alone for "
            "boards that have the label at all");
  EXPECT_EQ(refusal("probe,,meter"),
            "selector, column 7: `,` stands where the name of a label is expected; write a term here, as in "
            "`chip=stm32f4`, `probe` or `!meter`");
  EXPECT_EQ(refusal("board not in (a)"),
            "selector, column 7: `not` is no operator; write `notin`, in one word");
  EXPECT_THAT(refusal("board inn (a)"), HasSubstr("column 7: `inn` is no operator; did you mean `in`?"));
  EXPECT_THAT(refusal("chip stm32f4"),
              HasSubstr("column 6: `stm32f4` is no operator; separate terms by commas"));
  EXPECT_THAT(refusal("a=b=c"), HasSubstr("column 4: `=` follows a whole term"));
  EXPECT_THAT(refusal("a in b"), HasSubstr("column 6: `b` stands where a list begins"));
  EXPECT_THAT(refusal("a in ()"), HasSubstr("column 7: `)` stands where a value is expected"));
  EXPECT_THAT(refusal("a in (b"), HasSubstr("column 8: the end stands where the list ends"));
  EXPECT_THAT(refusal("a=\xC3\xA9"), HasSubstr("column 3: `\xC3\xA9` stands where a value"));
  EXPECT_THAT(refusal("a=-b"), HasSubstr("column 3: `-b` does not begin with a letter or a digit"));
  EXPECT_THAT(refusal("a=\x1b"), HasSubstr("column 3: `\\u001b` stands where a value"));
  EXPECT_THAT(refusal("!"), HasSubstr("column 2: the end stands where the label that must be absent"));
}

TEST(Selector, IsBounded) {
  EXPECT_THAT(refusal(std::string(1025, ' ')),
              HasSubstr("column 1025: the selector has more than 1024 characters"));
  EXPECT_EQ(refusal(std::string(1024, ' ')), "accepted");
  EXPECT_THAT(refusal(std::string(65, 'a')), HasSubstr("column 1: a word has more than 64 characters"));
  EXPECT_EQ(refusal(std::string(64, 'a')), "accepted");
  std::string terms = "a0";
  for (int i = 1; i < 32; ++i) terms += ",a" + std::to_string(i);
  EXPECT_EQ(refusal(terms), "accepted");
  EXPECT_THAT(refusal(terms + ",b"), HasSubstr("the selector has more than 32 terms"));
}

TEST(Selector, IsBoundedAsCanonicalText) {
  std::string list = "key in(";
  for (int i = 0; list.size() < 1019; ++i) list += std::to_string(1000 + i) + ',';
  list += std::string(1023 - list.size(), '1') + ')';
  ASSERT_EQ(list.size(), 1024u);
  EXPECT_THAT(refusal(list), HasSubstr("more than 1024 characters"));
}

TEST(Selector, ReadsItsOwnText) {
  stats::SeededRandom random(1);
  const std::string_view pieces[] = {
      "a", "chip", "in", "notin", "=", "!=", "==", "!", ",", ",", "(", ")", " "};
  int accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(10); n > 0; --n) text += pieces[random.below(std::size(pieces))];
    try {
      const Selector selector = Selector::parse(text);
      EXPECT_EQ(Selector::parse(selector.text()).terms(), selector.terms()) << text;
      ++accepted;
    } catch (const Error& error) {
      EXPECT_FALSE(error.remedy().empty()) << text;
    }
  }
  EXPECT_GT(accepted, 5000);
}

}  // namespace
}  // namespace tinyhil::daemon
