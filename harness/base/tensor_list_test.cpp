// SPDX-License-Identifier: Apache-2.0
#include "tensor_list.hpp"

#include <gtest/gtest.h>

namespace tinyhil {
namespace {

const Tensor kImage{DType::int8, 4, {1, 8, 8, 2}, 0.5F, -3};
const Tensor kNumbers{DType::float32, 2, {1, 6, 1, 1}, 0, 0};
const Tensor kFlags{DType::uint8, 1, {3, 1, 1, 1}, 0, 0};

TEST(TensorList, OfOneIsThatTensor) {
  const TensorList list = kImage;
  EXPECT_TRUE(list.is_single());
  EXPECT_EQ(list.only(), kImage);
  EXPECT_EQ(list.bytes(), kImage.bytes());
  EXPECT_EQ(list.elements(), 128U);
  EXPECT_EQ(list.shape(), "1x8x8x2 int8");
}

TEST(TensorList, OfSeveralHasTheirBytesOneAfterTheOther) {
  const TensorList list({kImage, kNumbers, kFlags});
  EXPECT_EQ(list.size(), 3U);
  EXPECT_FALSE(list.is_single());
  EXPECT_EQ(list.bytes(), 128U + 24U + 3U);
  EXPECT_EQ(list.elements(), 128U + 6U + 3U);
  EXPECT_EQ(list.offset(0), 0U);
  EXPECT_EQ(list.offset(2), 152U);
  EXPECT_EQ(list.shape(), "1x8x8x2 int8, 1x6 float32 and 3 uint8");
  EXPECT_NE(list, TensorList({kNumbers, kImage, kFlags}));
}

TEST(TensorList, IsNotSmallWhenItsTensorsAreTooLargeToCount) {
  const Tensor huge{DType::float32, 4, {UINT32_MAX, UINT32_MAX, UINT32_MAX, 1}, 0, 0};
  EXPECT_EQ(TensorList({huge, huge}).bytes(), SIZE_MAX);
  EXPECT_EQ(TensorList({huge, huge}).elements(), SIZE_MAX);
}

TEST(TensorListDeathTest, OfSeveralHasNoOnlyOne) {
  EXPECT_DEATH((void)TensorList({kImage, kNumbers}).only(), "is_single");
  EXPECT_DEATH((void)TensorList(std::vector<Tensor>{}), "empty");
}

}  // namespace
}  // namespace tinyhil
