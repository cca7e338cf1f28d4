// SPDX-License-Identifier: Apache-2.0
#include "uf2.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "testing/complaint.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kRp2040 = 0xE48BFF56;
constexpr std::uint32_t kRp2350 = 0xE48BFF59;

struct Block {
  std::uint32_t address = 0;
  std::uint32_t number = 0;
  std::uint32_t of = 1;
  std::uint32_t family = kRp2040;
  std::uint32_t flags = 0x2000;
  std::uint32_t size = 256;
};

// Each filled with the last digit of its address; the last byte is 1, so that nothing of it is padding.
Bytes uf2(const std::vector<Block>& blocks) {
  Bytes file;
  for (const Block& block : blocks) {
    const std::uint32_t head[8] = {0x0A324655, 0x9E5D5157,   block.flags, block.address,
                                   block.size, block.number, block.of,    block.family};
    Bytes bytes(512, static_cast<std::uint8_t>(block.address >> 8));
    bytes[32 + 255] = 1;
    const std::uint32_t magic = 0x0AB16F30;
    std::memcpy(bytes.data(), head, sizeof head);
    std::memcpy(bytes.data() + 508, &magic, sizeof magic);
    file.insert(file.end(), bytes.begin(), bytes.end());
  }
  return file;
}

std::string complaint_about_uf2(const Bytes& file) {
  return test::complaint([&] { parse_uf2(file, "a.uf2"); });
}

TEST(Uf2, PutsBlocksAtTheirAddresses) {
  const auto segments = parse_uf2(uf2({{0x10000100, 0, 2}, {0x10000000, 1, 2}}), "a.uf2");
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0].address, 0x10000000u);
  EXPECT_EQ(segments[0].bytes.size(), 512u);
  EXPECT_EQ(segments[0].bytes[0], 0);
  EXPECT_EQ(segments[0].bytes[256], 1);
}

TEST(Uf2, LeavesOutWhatIsNotForMainFlash) {
  const auto segments = parse_uf2(
      uf2({{0x10000000, 0, 2}, {0x20000000, 1, 2, kRp2040, 0x2001}, {0, 0, 1, 99, 0x1000}}), "a.uf2");
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0].bytes.size(), 256u);
}

TEST(Uf2, LeavesOutWhatFillsTheLastPage) {
  Bytes file = uf2({{0x10000000}});
  std::fill(file.begin() + 32 + 100, file.begin() + 32 + 256, std::uint8_t{0});
  file[32 + 99] = 7;
  EXPECT_EQ(parse_uf2(file, "a.uf2").at(0).bytes.size(), 100u);
}

TEST(Uf2, HoldsOneChipsFirmware) {
  EXPECT_THAT(complaint_about_uf2(uf2({{0x10000000}, {0x10000000, 0, 1, kRp2350}})),
              HasSubstr("holds firmware for several chips, families 0xe48bff56, 0xe48bff59"));
  EXPECT_EQ(parse_uf2(uf2({{0x10ffff00, 0, 1, 0xE48BFF57}, {0x10000000, 0, 1, kRp2350}}), "a").size(), 1u)
      << "picotool's block for every chip";
}

TEST(Uf2, NamesTheBlockThatIsDamaged) {
  Bytes file = uf2({{0x10000000, 0, 2}, {0x10000100, 1, 2}});
  file[1023] ^= 1;
  EXPECT_THAT(complaint_about_uf2(file),
              HasSubstr("a.uf2: the UF2 file has a block without its magic numbers, number 1"));
  EXPECT_THAT(complaint_about_uf2(uf2({{0, 0, 1, kRp2040, 0x2000, 477}})),
              HasSubstr("larger than a block can be"));
  EXPECT_THAT(complaint_about_uf2(uf2({{0, 0, 2}, {256, 1, 3}})), HasSubstr("says another number of blocks"));
  EXPECT_THAT(complaint_about_uf2(uf2({{0, 1, 1}})), HasSubstr("counts beyond the last one"));
}

TEST(Uf2, IsWhole) {
  Bytes file = uf2({{0x10000000}});
  file.pop_back();
  EXPECT_THAT(complaint_about_uf2(file), HasSubstr("is cut off"));
  EXPECT_THAT(complaint_about_uf2(uf2({{0, 0, 2}})), HasSubstr("has 1 of 2 blocks"));
  EXPECT_THAT(complaint_about_uf2(uf2({{0, 0, 1, 99, 0x1000}})), HasSubstr("has no block for main flash"));
}

}  // namespace
}  // namespace tinyhil
