// SPDX-License-Identifier: Apache-2.0
#include "packing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace tinyhil::device {
namespace {

using Bytes = std::vector<std::uint8_t>;

Tensor tensor(std::array<std::uint32_t, 4> dims, DType dtype = DType::int8) {
  Tensor made;
  made.dtype = dtype;
  made.rank = 4;
  made.dims = dims;
  return made;
}

// 49 frames of ten coefficients that wander from frame to frame, each around its own level.
Bytes features(std::size_t vectors) {
  std::mt19937 random(1);
  Bytes content(vectors * 490);
  for (std::size_t i = 0; i < content.size(); ++i) {
    const unsigned before = i % 490 < 10 ? 24 * (i % 10) : content[i - 10];
    content[i] = static_cast<std::uint8_t>(before + random() % 9 - 4);
  }
  return content;
}

// A picture without edges, `channels` colours a pixel that have little to do with each other.
Bytes pictures(std::size_t count, std::size_t channels) {
  Bytes content;
  for (std::size_t pixel = 0; pixel < count * 96 * 96; ++pixel) {
    const double row = static_cast<double>(pixel / 96 % 96);
    const double column = static_cast<double>(pixel % 96);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const double level = std::sin(row / 9 + 2.0 * static_cast<double>(channel)) + std::cos(column / 7);
      content.push_back(static_cast<std::uint8_t>(128 + 60 * level));
    }
  }
  return content;
}

Bytes noise(std::size_t size) {
  std::mt19937 random(2);
  Bytes content(size);
  for (auto& byte : content) byte = static_cast<std::uint8_t>(random());
  return content;
}

TEST(ChoosePacking, TakesTheFrameOfFeatures) {
  const Packing packing = choose_packing(features(200), tensor({1, 49, 10, 1}));
  EXPECT_EQ(packing.stride, 10);
  EXPECT_LT(packing.ratio, 0.5);
}

TEST(ChoosePacking, FindsTheFrameOfFeaturesThatAreFlat) {
  EXPECT_EQ(choose_packing(features(200), tensor({1, 490, 1, 1})).stride, 10);
}

TEST(ChoosePacking, TakesThePixelOfAPicture) {
  EXPECT_EQ(choose_packing(pictures(4, 1), tensor({1, 96, 96, 1})).stride, 1);
  const Packing packing = choose_packing(pictures(4, 3), tensor({1, 96, 96, 3}, DType::uint8));
  EXPECT_EQ(packing.stride, 3);
  EXPECT_LT(packing.ratio, 0.7);
}

TEST(ChoosePacking, LeavesNoiseRaw) {
  const Packing packing = choose_packing(noise(100 * 490), tensor({1, 49, 10, 1}));
  EXPECT_EQ(packing.stride, 0);
  EXPECT_EQ(packing.ratio, 1);
}

TEST(ChoosePacking, LeavesNothingRaw) { EXPECT_EQ(choose_packing({}, tensor({1, 49, 10, 1})).stride, 0); }

TEST(ChoosePacking, LooksBeyondTheBeginningOfTheContent) {
  Bytes content(100 * 490, 0);
  const Bytes rest = noise(2000 * 490);
  content.insert(content.end(), rest.begin(), rest.end());
  EXPECT_GT(choose_packing(content, tensor({1, 49, 10, 1})).ratio, 0.7);
}

TEST(ChoosePacking, PacksASingleSmallVector) {
  const Packing packing = choose_packing(Bytes(490, 7), tensor({1, 49, 10, 1}));
  EXPECT_NE(packing.stride, 0);
  EXPECT_LT(packing.ratio, 0.25);
}

}  // namespace
}  // namespace tinyhil::device
