// SPDX-License-Identifier: Apache-2.0
#include "output_parts.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace tinyhil::device {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Key = OutputParts::Key;

constexpr std::size_t kOutputSize = 10;

Bytes output_from(std::uint8_t first) {
  Bytes output(kOutputSize);
  std::iota(output.begin(), output.end(), first);
  return output;
}

OutputParts::Head head_of(const Bytes& output, std::uint32_t clock = 7) {
  const Digest digest = sha256(output);
  return {0, clock, 0, Bytes(digest.bytes.begin(), digest.bytes.begin() + 8)};
}

bool add(OutputParts& parts, Key key, const Bytes& output, std::size_t from, std::size_t to) {
  return parts.add_part(key, static_cast<std::uint32_t>(from), std::span(output).subspan(from, to - from),
                        kOutputSize);
}

TEST(OutputParts, AnOutputIsWholeWhenRowAndAllPartsHaveCome) {
  OutputParts parts;
  const Bytes output = output_from(1);
  EXPECT_FALSE(parts.add_head({0, 3}, head_of(output), kOutputSize));
  EXPECT_TRUE(add(parts, {0, 3}, output, 6, 10));
  EXPECT_FALSE(parts.take({0, 3}));
  EXPECT_TRUE(add(parts, {0, 3}, output, 0, 6));
  EXPECT_FALSE(parts.take({1, 3})) << "another model's";
  const auto whole = parts.take({0, 3});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->output, output);
  EXPECT_EQ(whole->head.clock, 7U);
  EXPECT_FALSE(parts.take({0, 3})) << "once";
}

TEST(OutputParts, PartsOfTwoInferencesMakeOneOutputWhenTheyAgree) {
  OutputParts parts;
  const Bytes output = output_from(1);
  add(parts, {0, 0}, output, 0, 6);  // its row was lost
  parts.add_head({0, 0}, head_of(output, 7), kOutputSize);
  EXPECT_FALSE(parts.take({0, 0}));
  EXPECT_FALSE(parts.add_head({0, 0}, head_of(output, 9), kOutputSize));
  add(parts, {0, 0}, output, 5, 10);
  EXPECT_EQ(parts.take({0, 0})->head.clock, 7U) << "what was measured first";
}

TEST(OutputParts, ARowOfAnotherOutputForgetsThePartsAndSaysSo) {
  OutputParts parts;
  parts.add_head({0, 0}, head_of(output_from(1)), kOutputSize);
  add(parts, {0, 0}, output_from(1), 0, 6);
  EXPECT_TRUE(parts.add_head({0, 0}, head_of(output_from(2)), kOutputSize));
  add(parts, {0, 0}, output_from(2), 6, 10);
  EXPECT_FALSE(parts.take({0, 0}));
  add(parts, {0, 0}, output_from(2), 0, 6);
  EXPECT_EQ(parts.take({0, 0})->output, output_from(2));
}

TEST(OutputParts, PartsThatDoNotMakeTheOutputOfTheirRowAreAskedForAgain) {
  OutputParts parts;
  add(parts, {0, 0}, output_from(2), 0, 6);
  parts.add_head({0, 0}, head_of(output_from(1)), kOutputSize);
  add(parts, {0, 0}, output_from(1), 6, 10);
  EXPECT_FALSE(parts.take({0, 0}));
  parts.add_head({0, 0}, head_of(output_from(1)), kOutputSize);
  add(parts, {0, 0}, output_from(1), 0, 10);
  EXPECT_TRUE(parts.take({0, 0}));
}

TEST(OutputParts, APartBeyondTheOutputIsRefused) {
  OutputParts parts;
  EXPECT_FALSE(parts.add_part({0, 0}, 8, Bytes(3), kOutputSize));
  EXPECT_FALSE(parts.add_part({0, 0}, UINT32_MAX, Bytes(1), kOutputSize));
  EXPECT_TRUE(parts.add_part({0, 0}, 10, Bytes(), kOutputSize));
}

TEST(OutputParts, WhatIsKeptIsBounded) {
  constexpr std::size_t kLarge = 40 << 20;
  OutputParts parts;
  for (std::size_t cell = 0; cell < 3; ++cell) parts.add_part({0, cell}, 0, Bytes(kLarge), kLarge);
  const Bytes zeros(kLarge);
  for (std::size_t cell = 0; cell < 3; ++cell) parts.add_head({0, cell}, head_of(zeros), kLarge);
  EXPECT_FALSE(parts.take({0, 0}));
  EXPECT_FALSE(parts.take({0, 1}));
}

}  // namespace
}  // namespace tinyhil::device
