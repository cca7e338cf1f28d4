// SPDX-License-Identifier: Apache-2.0
#include "encoded_vectors.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

#include "testing/complaint.hpp"

namespace tinyhil {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Tensor kReal{DType::float32, 2, {1, 2, 1, 1}};
const Tensor kByte{DType::int8, 2, {1, 2, 1, 1}, 0.5F, 10};
const Tensor kCode{DType::uint8, 2, {1, 3, 1, 1}};

VectorSet floats(const std::vector<float>& values) {
  VectorSet vectors;
  vectors.file = "v.npz";
  vectors.input = kReal;
  vectors.count = values.size() / 2;
  vectors.inputs.resize(values.size() * sizeof(float));
  std::memcpy(vectors.inputs.data(), values.data(), vectors.inputs.size());
  return vectors;
}

TEST(EncodedVectors, EachModelGetsThemByItsOwnScale) {
  const VectorSet vectors = floats({1, -1, 100, 0});
  const VectorSet made = encoded(vectors, kByte);
  EXPECT_EQ(made.input, TensorList(kByte));
  EXPECT_EQ(made.count, 2U);
  EXPECT_EQ(made.inputs, (Bytes{12, 8, 127, 10}));
  Tensor finer = kByte;
  finer.scale = 0.25F;
  EXPECT_EQ(encoded(vectors, finer).inputs, (Bytes{14, 6, 127, 10}));
}

TEST(EncodedVectors, OfSeveralInputsOnlyThoseOfAnotherTypeAreEncoded) {
  VectorSet vectors = floats({1, -1});
  vectors.input = TensorList({kReal, kCode});
  vectors.inputs.insert(vectors.inputs.end(), {7, 8, 9});
  const TensorList wanted({kByte, kCode});
  ASSERT_TRUE(needs_encoding(vectors.input, wanted));
  EXPECT_EQ(encoded(vectors, wanted).inputs, (Bytes{12, 8, 7, 8, 9}));
}

TEST(EncodedVectors, TheModelsTypeGoesAsItIs) {
  Tensor other = kByte;
  other.scale = 0.25F;
  EXPECT_FALSE(needs_encoding(kByte, other));
  EXPECT_EQ(encoded_input(kByte, other), TensorList(kByte));
  EXPECT_FALSE(needs_encoding(kReal, kReal));
  EXPECT_FALSE(needs_encoding(kReal, TensorList({kByte, kCode})));
  EXPECT_FALSE(needs_encoding(TensorList({kReal, kCode}), TensorList({kByte, kByte}))) << "one does not fit";
}

TEST(EncodedVectors, WhatIsNotFiniteIsNamed) {
  EXPECT_EQ(test::complaint([] { check_finite(floats({1, 2, 3, 4})); }), "accepted");
  EXPECT_THAT(test::complaint([] {
                check_finite(floats({1, 2, 3, std::nanf("")}));
              }),
              testing::StartsWith("v.npz: element 1 of vector 1 in `inputs` is not finite"));
}

}  // namespace
}  // namespace tinyhil
