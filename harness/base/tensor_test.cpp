// SPDX-License-Identifier: Apache-2.0
#include "tensor.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tinyhil {
namespace {

TEST(Tensor, CountsItsElementsAndBytes) {
  const Tensor input{DType::int16, 4, {1, 49, 10, 1}, 0.5f, -128};
  EXPECT_EQ(input.elements(), 490u);
  EXPECT_EQ(input.bytes(), 980u);
}

TEST(Tensor, CountsOnlyTheDimensionsOfItsRank) {
  const Tensor scores{DType::float32, 2, {1, 12, 7, 7}, 0, 0};
  EXPECT_EQ(scores.elements(), 12u);
  EXPECT_EQ(scores.bytes(), 48u);
}

TEST(Tensor, SaysItsShapeAsPeopleWriteIt) {
  EXPECT_EQ((Tensor{DType::int8, 4, {1, 49, 10, 1}, 0, 0}).shape(), "1x49x10x1 int8");
  EXPECT_EQ((Tensor{DType::float32, 0, {1, 1, 1, 1}, 0, 0}).shape(), "scalar float32");
}

TEST(Tensor, WithAnAbsurdShapeIsHugeRatherThanWrappedToSmall) {
  const Tensor absurd{DType::int32, 4, {0x80000000, 0x80000000, 4, 4}, 0, 0};
  EXPECT_EQ(absurd.bytes(), std::numeric_limits<std::size_t>::max());
}

TEST(Tensor, WithAnAbsurdRankStaysWithinItsDimensions) {
  const Tensor absurd{DType::int8, 200, {1, 2, 3, 4}, 0, 0};
  EXPECT_EQ(absurd.elements(), 24u);
  EXPECT_EQ(absurd.shape(), "1x2x3x4 int8");
}

}  // namespace
}  // namespace tinyhil
