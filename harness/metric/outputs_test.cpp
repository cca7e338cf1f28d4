// SPDX-License-Identifier: Apache-2.0
#include "outputs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace tinyhil::metric {
namespace {

template <class T>
std::vector<std::uint8_t> bytes(std::initializer_list<T> elements) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(elements.begin());
  return {first, first + elements.size() * sizeof(T)};
}

TEST(Argmax, ReadsEveryElementTypeWithItsSign) {
  EXPECT_EQ(argmax(DType::int8, bytes<std::int8_t>({-128, -1, -2})), 1u);
  EXPECT_EQ(argmax(DType::uint8, bytes<std::uint8_t>({3, 127, 200})), 2u);
  EXPECT_EQ(argmax(DType::int16, bytes<std::int16_t>({-300, 299, 300})), 2u);
  EXPECT_EQ(argmax(DType::int32, bytes<std::int32_t>({70'000, -70'000, 5})), 0u);
  EXPECT_EQ(argmax(DType::float32, bytes<float>({-1.5f, 0.25f, 0.125f})), 1u);
}

TEST(Argmax, GivesTiesToTheLowerIndex) {
  EXPECT_EQ(argmax(DType::int8, bytes<std::int8_t>({1, 7, 7, 7})), 1u);
}

TEST(HasNan, LooksAtEveryFloatAndOnlyAtFloats) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(has_nan(DType::float32, bytes<float>({0.f, 1.f, nan})));
  EXPECT_FALSE(has_nan(DType::float32, bytes<float>({0.f, std::numeric_limits<float>::infinity()})));
  EXPECT_FALSE(has_nan(DType::int8, bytes<float>({nan})));
}

TEST(OutputDifference, IsNothingForEqualBytes) {
  const auto same = difference(DType::int8, bytes<std::int8_t>({1, 2}), bytes<std::int8_t>({1, 2}));
  EXPECT_EQ(same.max_lsb, 0);
  EXPECT_FALSE(same.first);
}

TEST(OutputDifference, FindsTheFirstElementAndTheLargestStep) {
  const auto found = difference(DType::int8, bytes<std::int8_t>({5, 5, -5}), bytes<std::int8_t>({5, 4, 5}));
  EXPECT_EQ(found.max_lsb, 10);
  ASSERT_TRUE(found.first);
  EXPECT_EQ(found.first->element, 1u);
  EXPECT_EQ(found.first->expected, 5);
  EXPECT_EQ(found.first->got, 4);
}

TEST(OutputDifference, SaturatesInsteadOfOverflowing) {
  const auto found = difference(DType::int32, bytes<std::int32_t>({std::numeric_limits<std::int32_t>::min()}),
                                bytes<std::int32_t>({std::numeric_limits<std::int32_t>::max()}));
  EXPECT_EQ(found.max_lsb, std::numeric_limits<std::int32_t>::max());
}

TEST(OutputDifference, CountsTheFloatsInBetween) {
  const auto step = [](float a, float b) {
    return difference(DType::float32, bytes<float>({a}), bytes<float>({b})).max_lsb;
  };
  EXPECT_EQ(step(1.0f, std::nextafter(1.0f, 2.0f)), 1);
  EXPECT_EQ(step(-1.0f, std::nextafter(-1.0f, 0.0f)), 1);
  EXPECT_EQ(step(0.0f, -0.0f), 0);
  EXPECT_EQ(step(std::nextafter(0.0f, -1.0f), std::nextafter(0.0f, 1.0f)), 2);
}

}  // namespace
}  // namespace tinyhil::metric
