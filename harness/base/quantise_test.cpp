// SPDX-License-Identifier: Apache-2.0
#include "quantise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace tinyhil {
namespace {

using Bytes = std::vector<std::uint8_t>;

Tensor tensor(DType dtype, std::size_t elements, float scale = 0, std::int32_t zero_point = 0) {
  return {dtype, 2, {1, static_cast<std::uint32_t>(elements), 1, 1}, scale, zero_point};
}

template <class T>
Bytes bytes_of(const std::vector<T>& values) {
  Bytes bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

template <class To, class From>
std::vector<To> converted(const std::vector<From>& values, const Tensor& from, const Tensor& to) {
  Bytes made(values.size() * sizeof(To));
  convert(from, bytes_of(values), to, made);
  std::vector<To> elements(values.size());
  std::memcpy(elements.data(), made.data(), made.size());
  return elements;
}

template <class To>
std::vector<To> quantised(const std::vector<float>& real, DType dtype, float scale, std::int32_t zero_point) {
  const Tensor from = tensor(DType::float32, real.size()), to = tensor(dtype, real.size(), scale, zero_point);
  return converted<To>(real, from, to);
}

TEST(Quantise, RoundsHalvesAwayFromZeroBeforeTheZeroPointIsAdded) {
  EXPECT_EQ(quantised<std::int8_t>({0.5F, 1.5F, 2.5F, -0.5F, -1.5F, 0.49F, 0}, DType::int8, 1, 10),
            (std::vector<std::int8_t>{11, 12, 13, 9, 8, 10, 10}));
}

TEST(Quantise, KeepsWithinTheType) {
  const std::vector<float> real{1e9F, -1e9F, std::numeric_limits<float>::max()};
  EXPECT_EQ(quantised<std::int8_t>(real, DType::int8, 0.5F, 10), (std::vector<std::int8_t>{127, -128, 127}));
  EXPECT_EQ(quantised<std::uint8_t>(real, DType::uint8, 0.5F, 3), (std::vector<std::uint8_t>{255, 0, 255}));
  EXPECT_EQ(quantised<std::int16_t>(real, DType::int16, 0.5F, 0),
            (std::vector<std::int16_t>{32767, -32768, 32767}));
  EXPECT_EQ(quantised<std::int32_t>(real, DType::int32, 1e-6F, 7),
            (std::vector<std::int32_t>{2147483647, -2147483647 - 1, 2147483647}));
}

// 0.35 / 0.1 is 3.4999998 of real numbers with these float32, and 3.5 when it is divided in float32.
TEST(Quantise, DividesInFloat32AsTheFirmwareDoes) {
  EXPECT_EQ(quantised<std::int8_t>({0.35F}, DType::int8, 0.1F, 0), std::vector<std::int8_t>{4});
  EXPECT_EQ(std::round(double{0.35F} / double{0.1F}), 3);
}

TEST(Quantise, EveryElementComesBackFromItsRealNumber) {
  std::vector<std::int8_t> every;
  for (int q = -128; q <= 127; ++q) every.push_back(static_cast<std::int8_t>(q));
  const Tensor of = tensor(DType::int8, every.size(), 0.0192F, 9),
               real = tensor(DType::float32, every.size());
  EXPECT_EQ(converted<std::int8_t>(converted<float>(every, of, real), real, of), every);
}

TEST(Quantise, IntegersOfTheWorldBecomeAModelsOwn) {
  const Tensor audio = tensor(DType::int16, 3, 1.0F / 32768), taken = tensor(DType::int8, 3, 1.0F / 64, -1);
  EXPECT_EQ(converted<std::int8_t>(std::vector<std::int16_t>{0, 16384, -32768}, audio, taken),
            (std::vector<std::int8_t>{-1, 31, -65}));
  const Tensor image = tensor(DType::uint8, 2, 1.0F / 255), floats = tensor(DType::float32, 2);
  EXPECT_EQ(converted<float>(std::vector<std::uint8_t>{0, 255}, image, floats), (std::vector<float>{0, 1}));
}

TEST(Quantise, NeedsOneShapeAndAScaleOnBothSides) {
  const Tensor real = tensor(DType::float32, 4), byte = tensor(DType::int8, 4, 0.5F);
  EXPECT_TRUE(can_convert(real, byte));
  EXPECT_TRUE(can_convert(byte, real));
  EXPECT_FALSE(can_convert(real, tensor(DType::int8, 4)));
  EXPECT_FALSE(can_convert(tensor(DType::int16, 4), byte));
  EXPECT_FALSE(can_convert(real, tensor(DType::int8, 5, 0.5F)));
  EXPECT_FALSE(can_convert(byte, tensor(DType::int8, 4, 0.25F))) << "of one type they go as they are";
}

TEST(Quantise, FindsTheFirstThatIsNotFinite) {
  const float inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(first_not_finite(bytes_of<float>({0, 1, -inf, inf})), 2U);
  EXPECT_EQ(first_not_finite(bytes_of<float>({std::nanf("")})), 0U);
  EXPECT_EQ(first_not_finite(bytes_of<float>({0, 1})), std::nullopt);
}

}  // namespace
}  // namespace tinyhil
