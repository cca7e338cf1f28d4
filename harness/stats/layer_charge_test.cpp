// SPDX-License-Identifier: Apache-2.0
#include "layer_charge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace tinyhil::stats {
namespace {

// Ten inferences of 100 samples: 10 of 1 mA (input), 40 of 5 mA, 50 of 3 mA.
std::vector<float> ten_inferences() {
  std::vector<float> current(1000);
  for (std::size_t i = 0; i < current.size(); ++i)
    current[i] = i % 100 < 10 ? 0.001F : i % 100 < 50 ? 0.005F : 0.003F;
  return current;
}

constexpr double kSampleS = 1e-5;
const std::vector<double> kEnds{40 * kSampleS, 90 * kSampleS};

TEST(LayerCharges, AreThoseOfTheirStretchOfEachInference) {
  const std::vector<float> current = ten_inferences();
  const LayerCharges charges = layer_charges({current, kSampleS, 0, 1000, 10, kEnds});
  ASSERT_EQ(charges.layers.size(), 2);
  EXPECT_EQ(charges.folded, 10);
  EXPECT_NEAR(charges.between.charge_c, 10 * 0.001 * kSampleS, 1e-13);
  EXPECT_NEAR(charges.layers[0].charge_c, 40 * 0.005 * kSampleS, 1e-13);
  EXPECT_NEAR(charges.layers[1].charge_c, 50 * 0.003 * kSampleS, 1e-13);
  EXPECT_NEAR(charges.layers[1].time_s, 50 * kSampleS, 1e-12);
  EXPECT_GT(charges.layers[0].standard_c, 0);
}

TEST(LayerCharges, AddUpToTheWindowAtFractionsOfSamples) {
  std::vector<float> current = ten_inferences();
  current.push_back(0.002F);
  const LayerCharges charges = layer_charges({current, kSampleS, 0.25, 1000.5, 7, kEnds});
  double sum = charges.between.charge_c;
  for (const LayerCharge& layer : charges.layers) sum += layer.charge_c;
  double whole = -0.25 * 0.001 + 0.5 * 0.002;
  for (std::size_t i = 0; i < 1000; ++i) whole += current[i];
  EXPECT_NEAR(sum * 7, whole * kSampleS, 1e-12);
}

TEST(LayerCharges, LeaveOutInferencesWithMissingSamples) {
  std::vector<float> current = ten_inferences();
  current[333] = std::numeric_limits<float>::quiet_NaN();
  const LayerCharges charges = layer_charges({current, kSampleS, 0, 1000, 10, kEnds});
  EXPECT_EQ(charges.folded, 9);
  EXPECT_NEAR(charges.layers[0].charge_c, 40 * 0.005 * kSampleS, 1e-13);
}

TEST(LayerCharges, OfAWindowWithoutLayersAreItsInferences) {
  const std::vector<float> current = ten_inferences();
  const LayerCharges charges = layer_charges({current, kSampleS, 0, 1000, 10, {}});
  EXPECT_TRUE(charges.layers.empty());
  EXPECT_NEAR(charges.between.charge_c, (0.01 + 0.2 + 0.15) * kSampleS, 1e-12);
}

TEST(LayerCharges, RefuseMoreInferencesThanSamples) {
  const std::vector<float> current = ten_inferences();
  EXPECT_EQ(layer_charges({current, kSampleS, 0, 1000, 4'000'000'000, kEnds}).folded, 0);
}

}  // namespace
}  // namespace tinyhil::stats
