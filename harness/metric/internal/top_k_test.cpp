// SPDX-License-Identifier: Apache-2.0
#include "top_k.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace tinyhil::metric {
namespace {

template <class T>
struct Entry {
  std::uint16_t element;
  T value;
};

template <class T>
std::vector<std::uint8_t> entries(std::initializer_list<Entry<T>> list) {
  std::vector<std::uint8_t> bytes;
  for (const Entry<T>& entry : list) {
    bytes.push_back(static_cast<std::uint8_t>(entry.element));
    bytes.push_back(static_cast<std::uint8_t>(entry.element >> 8));
    const auto* value = reinterpret_cast<const std::uint8_t*>(&entry.value);
    bytes.insert(bytes.end(), value, value + sizeof(T));
  }
  return bytes;
}

template <class T>
std::vector<std::uint8_t> whole(std::initializer_list<T> elements) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(elements.begin());
  return {first, first + elements.size() * sizeof(T)};
}

bool is_sound(std::initializer_list<Entry<std::int8_t>> list, std::size_t elements = 300) {
  const auto bytes = entries<std::int8_t>(list);
  return TopK(DType::int8, bytes).is_sound(elements);
}

// From the golden output 10 9 9 -3.
Difference from_golden(std::initializer_list<Entry<std::int8_t>> list) {
  const auto golden = whole<std::int8_t>({10, 9, 9, -3});
  const auto bytes = entries<std::int8_t>(list);
  return difference(DType::int8, golden, TopK(DType::int8, bytes));
}

TEST(TopK, ReadsTheElementAndItsValue) {
  const auto bytes = entries<std::int8_t>({{258, -3}, {7, -100}});
  ASSERT_EQ(bytes, (std::vector<std::uint8_t>{2, 1, 0xFD, 7, 0, 0x9C}));
  const TopK top(DType::int8, bytes);
  ASSERT_EQ(top.size(), 2u);
  EXPECT_EQ(top.element(0), 258u);
  EXPECT_EQ(top.step(0), -3);
  EXPECT_EQ(top.element(1), 7u);
  EXPECT_EQ(top.step(1), -100);
}

TEST(TopK, ReadsValuesThatAreNotAligned) {
  const auto bytes = entries<std::int32_t>({{1, 70'000}, {0, -70'000}});
  EXPECT_EQ(TopK::bytes(DType::int32, 2), bytes.size());
  EXPECT_EQ(TopK(DType::int32, bytes).step(1), -70'000);
}

TEST(TopK, IsSoundWhenLargestFirstAndLowerIndexFirst) {
  EXPECT_TRUE(is_sound({{3, 10}, {0, 9}, {2, 9}}));
  EXPECT_FALSE(is_sound({{3, 10}, {2, 9}, {0, 9}}));
  EXPECT_FALSE(is_sound({{0, 9}, {3, 10}}));
  EXPECT_FALSE(is_sound({{3, 10}, {3, 10}}));
  EXPECT_FALSE(is_sound({{3, 10}}, 3));
}

TEST(TopK, IsNotSoundWithWhatIsNoNumber) {
  const auto bytes = entries<float>({{0, std::numeric_limits<float>::quiet_NaN()}});
  EXPECT_FALSE(TopK(DType::float32, bytes).is_sound(1));
}

TEST(TopKDifference, IsNothingForTheGoldenOutputsLargest) {
  EXPECT_FALSE(from_golden({{0, 10}}).first);
  EXPECT_FALSE(from_golden({{0, 10}, {1, 9}}).first);
  EXPECT_FALSE(from_golden({{0, 10}, {1, 9}, {2, 9}, {3, -3}}).first);
}

TEST(TopKDifference, SeesAnotherValue) {
  const Difference found = from_golden({{0, 12}, {1, 8}, {2, 8}});
  EXPECT_EQ(found.max_lsb, 2);
  ASSERT_TRUE(found.first);
  EXPECT_EQ(found.first->element, 0u);
  EXPECT_EQ(found.first->expected, 10);
  EXPECT_EQ(found.first->got, 12);
}

TEST(TopKDifference, SeesAnotherElement) {
  const Difference found = from_golden({{0, 10}, {3, 9}});
  EXPECT_EQ(found.max_lsb, 12);
  EXPECT_EQ(found.first->element, 3u);
}

TEST(TopKDifference, SeesThatAnElementIsMissingAmongTheLargest) {
  const Difference found = from_golden({{1, 9}, {2, 9}});
  EXPECT_EQ(found.max_lsb, 2);  // element 0 is at most 8: with 9 it would come first
  EXPECT_EQ(found.first->element, 0u);
  EXPECT_EQ(found.first->expected, 10);
  EXPECT_EQ(found.first->got, 8);
}

TEST(TopKDifference, SeesThatATieWasBrokenTheWrongWay) {
  EXPECT_EQ(from_golden({{0, 10}, {2, 9}}).max_lsb, 1);
}

TEST(TopKDifference, IsAsSmallAsThatOfTheWholeOutputWhereRoundingSwapsTwoElements) {
  EXPECT_EQ(from_golden({{1, 10}, {0, 9}}).max_lsb, 1);  // of the whole 9 10 9 -3
}

TEST(TopKDifference, StandsAtTheEndOfTheRange) {
  const std::int32_t lowest = std::numeric_limits<std::int32_t>::min();
  const auto golden = whole<std::int32_t>({lowest, lowest});
  const auto bytes = entries<std::int32_t>({{1, lowest}});
  EXPECT_EQ(difference(DType::int32, golden, TopK(DType::int32, bytes)).max_lsb, 0);
}

}  // namespace
}  // namespace tinyhil::metric
