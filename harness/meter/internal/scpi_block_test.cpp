// SPDX-License-Identifier: Apache-2.0
#include "scpi_block.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace tinyhil::meter {
namespace {

using State = ScpiAnswer::State;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

State feed(ScpiAnswer& answer, std::string_view text) {
  std::span<const std::uint8_t> bytes = bytes_of(text);
  return answer.feed(bytes);
}

TEST(ScpiAnswer, ReadsALineWithEitherEnd) {
  ScpiAnswer answer(ScpiAnswer::Kind::line, 100);
  EXPECT_EQ(feed(answer, "Keysight,N67"), State::more);
  EXPECT_EQ(feed(answer, "05C\r\n"), State::whole);
  EXPECT_EQ(answer.text(), "Keysight,N6705C");
}

TEST(ScpiAnswer, ReadsABlockThatHoldsLineFeedsAndLeavesTheRest) {
  for (std::size_t size = 1; size < 12; ++size) {
    ScpiAnswer answer(ScpiAnswer::Kind::block, 16);
    const std::string_view all = "#15a\nb\nc\nrest";
    std::string_view left = all;
    std::size_t taken = 0;
    while (answer.state() == State::more && !left.empty()) {
      std::span<const std::uint8_t> bytes = bytes_of(left.substr(0, size));
      const std::size_t before = bytes.size();
      answer.feed(bytes);
      taken += before - bytes.size();
      left = all.substr(taken);
    }
    EXPECT_EQ(answer.state(), State::whole) << size;
    EXPECT_EQ(answer.bytes().size(), 5U);
    EXPECT_EQ(taken, 9U) << size;
  }
}

TEST(ScpiAnswer, BreaksOnWhatIsNoBlockOrIsTooLong) {
  for (const std::string_view text :
       {"1.0e-3\n", "#0abc\n", "#x", "#1x", "#3999", "#9999999999", "#13abcd"}) {
    ScpiAnswer answer(ScpiAnswer::Kind::block, 16);
    EXPECT_EQ(feed(answer, text), State::broken) << text;
  }
  ScpiAnswer line(ScpiAnswer::Kind::line, 3);
  EXPECT_EQ(feed(line, "abcd"), State::broken);
}

TEST(ScpiAnswer, TakesAnEmptyBlock) {
  ScpiAnswer answer(ScpiAnswer::Kind::block, 16);
  EXPECT_EQ(feed(answer, "#10\n"), State::whole);
  EXPECT_TRUE(answer.bytes().empty());
}

}  // namespace
}  // namespace tinyhil::meter
