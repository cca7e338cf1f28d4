// SPDX-License-Identifier: Apache-2.0
#include "line_estimate.hpp"

#include <gtest/gtest.h>

namespace tinyhil::campaign {
namespace {

VectorSet set_of(std::size_t count, std::uint32_t bytes) {
  VectorSet vectors;
  vectors.count = count;
  vectors.input.only().rank = 1;
  vectors.input.only().dims = {bytes, 1, 1, 1};
  vectors.inputs.resize(count * bytes);
  return vectors;
}

TEST(LineEstimate, ABoardThatHoldsEverythingIsGivenEverythingOnce) {
  const VectorSet vectors = set_of(100, 490);
  const LineLoad load = estimate_line({{&vectors}, {10'000, 10'000}, 40, 0.5}, std::nullopt);
  EXPECT_EQ(load.model_pushes, 2U);
  EXPECT_EQ(load.vector_pushes, 1U);
  EXPECT_NEAR(static_cast<double>(load.to_device), 100 * 490 * 0.5 + 20'000, 2'500);
  EXPECT_NEAR(static_cast<double>(load.to_host), 4'000, 200);
  EXPECT_NEAR(line_seconds(load, 115'200), 4.5, 0.5);
}

TEST(LineEstimate, OneModelSlotCostsThePassesOfTheVectors) {
  const VectorSet vectors = set_of(100, 490);
  const LineLoad load = estimate_line({{&vectors}, {10'000, 10'000}, 40, 1}, BoardSlots{1, {1, 1024}});
  EXPECT_EQ(load.model_pushes, 2U);
  EXPECT_EQ(load.vector_pushes, 2U);
  EXPECT_GT(load.to_device, 2U * 100 * 490);
}

TEST(LineEstimate, SmallModelsAreLoadedAgainRatherThanManyVectors) {
  const VectorSet vectors = set_of(100, 490);
  const LineLoad load = estimate_line({{&vectors}, {100, 100}, 40, 1}, BoardSlots{1, {2, 4096}});
  EXPECT_EQ(load.vector_pushes, 1U);
  EXPECT_EQ(load.model_pushes, 8U) << "7 waves, and the model at either end stays";
}

}  // namespace
}  // namespace tinyhil::campaign
