// SPDX-License-Identifier: Apache-2.0
#include "thil/rice.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "format_page.hpp"

namespace {

using nlohmann::json;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kAmple = 8192;

struct Block {
  Bytes packed;
  std::size_t taken = 0;
};

// Into memory of just the capacity, so that a sanitizer sees a byte too many.
Block pack(const Bytes& raw, std::uint8_t stride, std::size_t capacity = kAmple) {
  Bytes packed(capacity);
  thil_rice_block block{packed.data(), capacity, 0, 0};
  thil_rice_encode(raw.data(), raw.size(), stride, &block);
  packed.resize(block.size);
  return {std::move(packed), block.taken};
}

bool unpacks(const Bytes& packed, std::size_t raw_size) {
  Bytes raw(raw_size + 1, 0xEE);
  const bool good = thil_rice_decode(packed.data(), packed.size(), raw.data(), raw_size);
  EXPECT_EQ(raw[raw_size], 0xEE);
  return good;
}

void expect_round_trip(const Bytes& raw, std::uint8_t stride, std::size_t capacity) {
  const Block block = pack(raw, stride, capacity);
  ASSERT_GT(block.taken, 0u);
  Bytes back(block.taken);
  ASSERT_TRUE(thil_rice_decode(block.packed.data(), block.packed.size(), back.data(), back.size()));
  EXPECT_EQ(back, Bytes(raw.begin(), raw.begin() + static_cast<long>(block.taken)));
}

Bytes random_bytes(std::size_t size, unsigned limit = 256) {
  std::mt19937 random(size + limit);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % limit);
  return bytes;
}

// Frames of ten coefficients, each wandering with its own reach.
Bytes feature_bytes(std::size_t size) {
  std::mt19937 random(10);
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned reach = 1 + 3 * (i % 10);
    bytes[i] = static_cast<std::uint8_t>((i < 10 ? 100 : bytes[i - 10]) + random() % reach - reach / 2);
  }
  return bytes;
}

// Jumps that no parameter foresees, among long stretches of nothing.
Bytes jumping_bytes(std::size_t size) {
  Bytes bytes(size, 0);
  for (std::size_t i = 0; i < size; i += 97) bytes[i] = i % 2 == 0 ? 0x80 : 0x7F;
  return bytes;
}

// 3, 2, 2, 4 miss their predictions 0, 3, 2, 2 by 3, -1, 0, 2: numbers 6, 1, 0, 4. With k = 1 they are
// 1110 0, 0 1, 0 0, 110 0, and three ones fill the byte.
TEST(Rice, PacksAWorkedExample) {
  const Block block = pack({3, 2, 2, 4}, 1);
  EXPECT_EQ(block.packed, (Bytes{1, 1, 0b11100'01'0, 0b0'1100'111}));
  EXPECT_EQ(block.taken, 4u);
}

TEST(Rice, ReturnsWhatWasPackedForEveryStride) {
  for (int stride = 1; stride <= 255; ++stride) {
    for (const Bytes& raw :
         {random_bytes(3000), random_bytes(3000, 9), feature_bytes(3000), jumping_bytes(3000), Bytes(3000, 0),
          Bytes(3000, 0x80), Bytes(3000, 0xFF), Bytes{7}}) {
      SCOPED_TRACE(stride);
      expect_round_trip(raw, static_cast<std::uint8_t>(stride), kAmple);
      expect_round_trip(raw, static_cast<std::uint8_t>(stride), 1013);
      expect_round_trip(raw, static_cast<std::uint8_t>(stride), 140);
    }
  }
}

TEST(Rice, TakesExactlyWhatFits) {
  for (const Bytes& raw : {random_bytes(800), feature_bytes(800), jumping_bytes(800)}) {
    for (std::uint8_t stride : {1, 10, 33}) {
      for (std::size_t capacity = 0; capacity < 300; ++capacity) {
        const Block block = pack(raw, stride, capacity);
        EXPECT_LE(block.packed.size(), capacity);
        EXPECT_EQ(block.packed.empty(), block.taken == 0);
        if (block.taken == raw.size()) continue;
        const Bytes one_more(raw.begin(), raw.begin() + static_cast<long>(block.taken) + 1);
        EXPECT_GT(pack(one_more, stride).packed.size(), capacity);
      }
    }
  }
}

TEST(Rice, PacksNothingWhereThereIsNothing) {
  EXPECT_EQ(pack({}, 10).packed, Bytes{});
  EXPECT_EQ(pack({1, 2, 3}, 0).packed, Bytes{});
  EXPECT_EQ(pack({1, 2, 3}, 0).taken, 0u);
}

TEST(Rice, CostsNoiseOnlyTheHead) {
  const Block block = pack(random_bytes(1000), 10);
  EXPECT_EQ(block.taken, 1000u);
  EXPECT_LE(block.packed.size(), 1000u + 6u);
}

TEST(Rice, RefusesEveryOtherLength) {
  for (const Bytes& raw : {random_bytes(100), feature_bytes(100), Bytes(100, 0)}) {
    const Bytes packed = pack(raw, 10).packed;
    ASSERT_TRUE(unpacks(packed, 100));
    for (std::size_t size = 0; size < packed.size(); ++size) {
      EXPECT_FALSE(unpacks(Bytes(packed.begin(), packed.begin() + static_cast<long>(size)), 100)) << size;
    }
    Bytes longer = packed;
    longer.push_back(0);
    EXPECT_FALSE(unpacks(longer, 100));
    EXPECT_FALSE(unpacks(packed, 101));
    EXPECT_FALSE(unpacks(packed, 92));
  }
}

TEST(Rice, NeverWritesBeyondItsBytesHoweverABlockIsDamaged) {
  for (const Bytes& raw : {random_bytes(60), feature_bytes(60), jumping_bytes(200)}) {
    const Bytes packed = pack(raw, 10).packed;
    for (std::size_t at = 0; at < packed.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        Bytes damaged = packed;
        damaged[at] = static_cast<std::uint8_t>(value);
        unpacks(damaged, raw.size());
      }
    }
  }
}

TEST(Rice, NeverWritesBeyondItsBytesInNoise) {
  std::mt19937 random(6);
  for (int round = 0; round < 20000; ++round) {
    Bytes noise(random() % 40);
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
    if (!noise.empty() && round % 2 == 0) noise[0] %= 12;
    unpacks(noise, random() % 80);
  }
}

json golden(const char* part) {
  std::ifstream file(THIL_RICE_GOLDEN);
  return json::parse(file).at(part);
}

TEST(RiceGolden, EveryBlockIsPackedAndUnpackedByteForByte) {
  for (const json& block : golden("blocks")) {
    SCOPED_TRACE(block.at("name"));
    const Bytes raw = from_hex(block.at("raw"));
    const Bytes packed = from_hex(block.at("packed"));
    Bytes back(raw.size());
    EXPECT_TRUE(thil_rice_decode(packed.data(), packed.size(), back.data(), back.size()));
    EXPECT_EQ(back, raw);
    EXPECT_EQ(pack(raw, packed.at(0)).packed, packed);
  }
}

// So that prose, encoder and golden bytes cannot drift apart, the fill of the last byte among them.
TEST(FormatPages, TheBlocksOfThePageArePackedAndUnpackedByteForByte) {
  const Examples page = examples_of("rice.md");
  ASSERT_EQ(page.size(), 3u);
  std::map<std::string, Bytes> raw;
  for (const json& block : golden("blocks")) raw[block.at("name")] = from_hex(block.at("raw"));
  for (const auto& [name, packed] : page) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(raw.contains(name));
    EXPECT_EQ(pack(raw[name], packed.at(0)).packed, packed);
    Bytes back(raw[name].size());
    EXPECT_TRUE(thil_rice_decode(packed.data(), packed.size(), back.data(), back.size()));
    EXPECT_EQ(back, raw[name]);
  }
}

TEST(Rice, ABlockIsRefusedForEveryByteMoreThanItHolds) {
  for (std::size_t size = 1; size <= 16; ++size) {
    const Block block = pack(Bytes(size, 0), 1);
    EXPECT_TRUE(unpacks(block.packed, size)) << size;
    for (std::size_t more = 1; more <= 8; ++more) EXPECT_FALSE(unpacks(block.packed, size + more)) << size;
  }
}

TEST(RiceGolden, EveryMalformedBlockIsRefused) {
  for (const json& block : golden("malformed")) {
    SCOPED_TRACE(block.at("name"));
    EXPECT_FALSE(unpacks(from_hex(block.at("packed")), block.at("raw_size")));
  }
}

}  // namespace
