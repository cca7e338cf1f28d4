// SPDX-License-Identifier: Apache-2.0
#include "rtt_block.hpp"

#include <gmock/gmock.h>

#include <numeric>

#include "tcl_text.hpp"

namespace tinyhil::probe {
namespace {

using testing::Optional;
using Bytes = std::vector<std::uint8_t>;

std::vector<std::uint32_t> block_words(RttRing up = {0x20001000, 64, 0, 0},
                                       RttRing down = {0x20001040, 64, 0, 0}) {
  return {0x47474553, 0x52205245, 0x5454, 0,     1,          1,         0x100,      up.bytes,  up.size,
          up.write,   up.read,    0,      0x100, down.bytes, down.size, down.write, down.read, 0};
}

TEST(RttBlock, IsReadFromItsWords) {
  const RttRing up{0x20001000, 64, 5, 4};
  const RttRing down{0x20001040, 64, 63, 0};
  const auto block = rtt_block(block_words(up, down));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->up, up);
  EXPECT_EQ(block->down, down);
  EXPECT_EQ(block->words, 18u);
  EXPECT_EQ(block->down_index, 12u);
}

TEST(RttBlock, OfOtherFirmwareHasMoreRings) {
  std::vector<std::uint32_t> words = block_words();
  words[4] = 3;
  words.insert(words.begin() + 12, 12, 0);
  const auto block = rtt_block(words);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->down_index, 24u);
  EXPECT_EQ(block->down.bytes, 0x20001040u);
}

TEST(RttBlock, IsNoneWhenADeviceWouldNotBuildItSo) {
  const auto is_one = [](RttRing up) { return rtt_block(block_words(up)).has_value(); };
  EXPECT_TRUE(is_one({0x20001000, 64, 0, 0}));
  EXPECT_FALSE(is_one({0, 64, 0, 0}));
  EXPECT_FALSE(is_one({0x20001001, 64, 0, 0}));
  EXPECT_FALSE(is_one({0x20001000, 63, 0, 0}));
  EXPECT_FALSE(is_one({0x20001000, 0, 0, 0}));
  EXPECT_FALSE(is_one({0x20001000, 1 << 20, 0, 0}));
  EXPECT_FALSE(is_one({0x20001000, 64, 64, 0}));
  EXPECT_FALSE(is_one({0x20001000, 64, 0, 0xFFFFFFFF}));
  EXPECT_FALSE(is_one({0xFFFFFFF0, 64, 0, 0}));
  std::vector<std::uint32_t> words = block_words();
  words[0] = 0;
  EXPECT_FALSE(rtt_block(words));
  words = block_words();
  words[4] = 1000;
  EXPECT_FALSE(rtt_block(words));
  words = block_words();
  words.pop_back();
  EXPECT_FALSE(rtt_block(words));
}

TEST(RttBlock, IsFoundInMemory) {
  std::vector<std::uint32_t> memory(100, 7);
  EXPECT_EQ(find_rtt_id(memory), std::nullopt);
  const std::vector<std::uint32_t> words = block_words();
  std::copy(words.begin(), words.end(), memory.begin() + 40);
  EXPECT_EQ(find_rtt_id(memory), 40u);
}

TEST(RttRing, OneByteStaysFree) {
  EXPECT_EQ((RttRing{0, 64, 0, 0}).room(), 63u);
  EXPECT_EQ((RttRing{0, 64, 10, 11}).room(), 0u);
  EXPECT_EQ((RttRing{0, 64, 11, 10}).room(), 62u);
}

TEST(RingPush, WritesWordsWhereItCan) {
  const Bytes bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const RingPush push = push_of({0x1000, 64, 2, 2}, bytes);
  EXPECT_EQ(push.writes, "0x1002 8 {1 2 } 0x1004 32 {0x6050403 } 0x1008 8 {7 8 9 } ");
  EXPECT_EQ(push.offset, 11u);
}

TEST(RingPush, GoesOnAtTheBeginningAndStopsWhereTheRingIsFull) {
  const Bytes bytes = {1, 2, 3, 4, 5, 6, 7, 8};
  const RingPush wraps = push_of({0x1000, 16, 12, 12}, bytes);
  EXPECT_EQ(wraps.writes, "0x100c 32 {0x4030201 } 0x1000 32 {0x8070605 } ");
  EXPECT_EQ(wraps.offset, 4u);
  const RingPush full = push_of({0x1000, 16, 0, 4}, bytes);
  EXPECT_EQ(full.writes, "0x1000 8 {1 2 3 } ");
  EXPECT_EQ(full.offset, 3u);
}

// A ring of 16 bytes that hold their own offsets, read in words.
std::vector<std::uint32_t> words_from(std::uint32_t first, std::uint32_t count) {
  std::vector<std::uint32_t> words(count);
  for (std::uint32_t i = 0; i < count; ++i) words[i] = 0x03020100 + 0x04040404 * (first / 4 + i);
  return words;
}

TEST(RingPull, TakesTheBytesOutOfTheirWords) {
  const RttRing ring{0x1000, 16, 0, 5};
  EXPECT_THAT(pulled(ring, 11, words_from(4, 2)), Optional(Bytes{5, 6, 7, 8, 9, 10}));
  EXPECT_THAT(pulled(ring, 5, {}), Optional(Bytes{}));
}

TEST(RingPull, GoesOnAtTheBeginning) {
  const RttRing ring{0x1000, 16, 0, 13};
  std::vector<std::uint32_t> words = words_from(12, 1);
  words.push_back(0x03020100);
  EXPECT_THAT(pulled(ring, 2, words), Optional(Bytes{13, 14, 15, 0, 1}));
  EXPECT_THAT(pulled(ring, 0, words_from(12, 1)), Optional(Bytes{13, 14, 15}));
}

TEST(RingPull, OfAnotherNumberOfWordsIsNone) {
  const RttRing ring{0x1000, 16, 0, 5};
  EXPECT_EQ(pulled(ring, 11, words_from(4, 3)), std::nullopt);
  EXPECT_EQ(pulled(ring, 11, {}), std::nullopt);
  EXPECT_EQ(pulled(ring, 16, words_from(4, 3)), std::nullopt);
}

}  // namespace
}  // namespace tinyhil::probe
