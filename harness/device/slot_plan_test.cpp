// SPDX-License-Identifier: Apache-2.0
#include "slot_plan.hpp"

#include <gtest/gtest.h>

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
  const std::vector<Wave> waves = plan_slots(vectors, SlotSpace{2, 55});  // 5 vectors a slot, 10 a wave
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
  try {
    plan_slots(vectors_of_ten_bytes(1), SlotSpace{4, 9});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

}  // namespace
}  // namespace tinyhil::device
