// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include "plan.h"
}

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace {

thil_tensor activation(uint32_t bytes, uint16_t first, uint16_t last, uint16_t root) {
  thil_tensor tensor{};
  tensor.bytes = bytes;
  tensor.first = first;
  tensor.last = last;
  tensor.root = root;
  tensor.produced = 1;
  return tensor;
}

uint64_t plan(std::vector<thil_tensor>& tensors) {
  std::vector<uint16_t> order(tensors.size());
  return thil_plan_make(tensors.data(), order.data(), static_cast<uint32_t>(tensors.size()));
}

TEST(Plan, GivesTensorsThatNeverMeetOnePlace) {
  std::vector<thil_tensor> tensors{activation(160, 0, 1, 0), activation(160, 2, 3, 1)};
  EXPECT_EQ(plan(tensors), 160u);
  EXPECT_EQ(tensors[0].offset, tensors[1].offset);
}

TEST(Plan, KeepsAnInputApartFromTheOutputMadeOfIt) {
  std::vector<thil_tensor> tensors{activation(160, 0, 1, 0), activation(160, 1, 2, 1)};
  EXPECT_EQ(plan(tensors), 320u);
}

TEST(Plan, NeedsOfAChainOnlyItsLargestNeighbours) {
  std::vector<thil_tensor> tensors{activation(320, 0, 0, 0), activation(640, 0, 1, 1),
                                   activation(160, 1, 2, 2), activation(480, 2, 3, 3),
                                   activation(16, 3, 4, 4)};
  EXPECT_EQ(plan(tensors), 960u);
}

TEST(Plan, CountsAlignmentAndNothingElse) {
  std::vector<thil_tensor> tensors{activation(1, 0, 1, 0), activation(17, 0, 1, 1)};
  EXPECT_EQ(plan(tensors), 48u);
}

TEST(Plan, GivesRenamedAndConstantTensorsNoPlace) {
  const uint8_t constant[1000] = {};
  std::vector<thil_tensor> tensors{activation(160, 0, 2, 0), activation(160, 1, 2, 0),
                                   activation(1000, 0, 2, 2)};
  tensors[2].constant = constant;
  EXPECT_EQ(plan(tensors), 160u);
}

TEST(Plan, NeverOverlapsTensorsThatLiveTogether) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; round++) {
    std::vector<thil_tensor> tensors;
    for (uint16_t i = 0; i < 40; i++) {
      const auto first = static_cast<uint16_t>(random() % 30);
      tensors.push_back(
          activation(1 + random() % 500, first, static_cast<uint16_t>(first + random() % 6), i));
    }
    const uint64_t region = plan(tensors);
    for (const thil_tensor& a : tensors) {
      EXPECT_LE(a.offset + a.bytes, region);
      for (const thil_tensor& b : tensors) {
        const bool together = &a != &b && a.first <= b.last && b.first <= a.last;
        EXPECT_FALSE(together && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes);
      }
    }
  }
}

}  // namespace
