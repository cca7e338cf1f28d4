// SPDX-License-Identifier: Apache-2.0
#include "slot_plan.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"

namespace tinyhil::device {
namespace {

VectorSet vectors_of_ten_bytes(std::size_t count) {
  VectorSet vectors;
  vectors.count = count;
  vectors.input.only().dims = {10, 1, 1, 1};
  vectors.input.only().rank = 1;
  vectors.inputs.resize(count * 10);
  for (std::size_t i = 0; i < vectors.inputs.size(); ++i)
    vectors.inputs[i] = static_cast<std::uint8_t>(i / 10);
  return vectors;
}

TEST(SlotPlan, EveryVectorIsInExactlyOneBlock) {
  const VectorSet vectors = vectors_of_ten_bytes(23);
  const std::vector<Wave> waves = plan_slots({&vectors}, SlotSpace{2, 55});  // 5 vectors a slot, 10 a wave
  ASSERT_EQ(waves.size(), 3U);
  std::uint32_t next = 0;
  for (const Wave& wave : waves) {
    EXPECT_LE(wave.size(), 2U);
    for (const VectorBlock& block : wave) {
      EXPECT_EQ(block.first, next);
      EXPECT_EQ(block.content.size(), block.count * 10U);
      EXPECT_EQ(block.content.front(), next);
      EXPECT_EQ(block.digest, sha256(block.content));
      next += block.count;
    }
  }
  EXPECT_EQ(next, 23U);
}

TEST(SlotPlan, AVectorThatFitsNoSlotIsAUsageError) {
  const VectorSet vectors = vectors_of_ten_bytes(1);
  try {
    plan_slots({&vectors}, SlotSpace{4, 9});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

// "0:0-4 1:0-4 | ...": encoding and vectors of each block, a bar between waves.
std::string layout(const std::vector<Wave>& waves) {
  std::string text;
  for (const Wave& wave : waves) {
    if (!text.empty()) text += " |";
    for (const VectorBlock& block : wave) {
      text += (text.empty() ? "" : " ") + std::to_string(block.encoding) + ':' + std::to_string(block.first) +
              '-' + std::to_string(block.first + block.count - 1);
    }
  }
  return text;
}

TEST(SlotPlan, EncodingsOfTheSameVectorsStandSideBySideForwardsAndBackwards) {
  const VectorSet a = vectors_of_ten_bytes(10), b = vectors_of_ten_bytes(10);
  EXPECT_EQ(layout(plan_slots({&a, &b}, SlotSpace{5, 35})),
            "0:0-2 1:0-2 1:3-5 0:3-5 | 0:6-8 1:6-8 1:9-9 0:9-9");
}

TEST(SlotPlan, FewerSlotsThanEncodingsTakeOneEncodingAtATime) {
  const VectorSet a = vectors_of_ten_bytes(4), b = vectors_of_ten_bytes(4);
  EXPECT_EQ(layout(plan_slots({&a, &b}, SlotSpace{1, 25})), "0:0-1 | 1:0-1 | 1:2-3 | 0:2-3");
}

TEST(SlotPlan, ABlockHoldsAsManyVectorsAsFitInTheLargestEncoding) {
  VectorSet wide = vectors_of_ten_bytes(8);
  wide.input.only().dims = {40, 1, 1, 1};
  wide.inputs.resize(8 * std::size_t{40});
  const VectorSet narrow = vectors_of_ten_bytes(8);
  EXPECT_EQ(layout(plan_slots({&wide, &narrow}, SlotSpace{4, 80})),
            "0:0-1 1:0-1 1:2-3 0:2-3 | 0:4-5 1:4-5 1:6-7 0:6-7");
}

}  // namespace
}  // namespace tinyhil::device
