// SPDX-License-Identifier: Apache-2.0
#include "near_copies.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tinyhil {
namespace {

// Random vectors of 100 bytes, each `copies` times, with `changed` bytes of each copy made other ones.
VectorSet set_of(std::size_t originals, std::size_t copies, std::size_t changed) {
  constexpr std::size_t kSize = 100;
  std::mt19937 random(7);
  VectorSet set;
  set.input.only().rank = 2;
  set.input.only().dims = {1, kSize, 1, 1};
  set.count = originals * copies;
  for (std::size_t original = 0; original < originals; ++original) {
    std::vector<std::uint8_t> bytes(kSize);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    for (std::size_t copy = 0; copy < copies; ++copy) {
      std::vector<std::uint8_t> one = bytes;
      for (std::size_t i = 0; copy > 0 && i < changed; ++i)
        one[(copy * 31 + i) % kSize] ^= static_cast<std::uint8_t>(copy);
      set.inputs.insert(set.inputs.end(), one.begin(), one.end());
    }
  }
  return set;
}

TEST(NearCopies, AreCountedBesideTheirFirst) { EXPECT_EQ(count_near_copies(set_of(60, 10, 1)), 540u); }

TEST(NearCopies, MayDifferInOneByteOfFifty) {
  EXPECT_EQ(count_near_copies(set_of(60, 2, 2)), 60u);
  EXPECT_EQ(count_near_copies(set_of(60, 2, 3)), 0u);
}

TEST(NearCopies, UnlikeVectorsAreNone) { EXPECT_EQ(count_near_copies(set_of(500, 1, 0)), 0u); }

TEST(NearCopies, EqualOnesAreCountedElsewhere) { EXPECT_EQ(count_near_copies(set_of(60, 2, 0)), 0u); }

}  // namespace
}  // namespace tinyhil
