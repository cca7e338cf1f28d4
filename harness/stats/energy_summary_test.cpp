// SPDX-License-Identifier: Apache-2.0
#include "energy_summary.hpp"

#include <gtest/gtest.h>

namespace tinyhil::stats {
namespace {

InferenceWindow window_of(double charge_c, std::uint32_t vector, double length_s = 10) {
  InferenceWindow window;
  window.window.length_s = length_s;
  window.window.ranges = {{.charge_c = charge_c, .length_s = length_s}};
  window.proven = 10;
  window.vector = vector;
  return window;
}

TEST(EnergyByVector, IsTheMeanOfEachVectorsWindows) {
  const std::vector<InferenceWindow> windows{window_of(0.1, 7), window_of(0.3, 2), window_of(0.2, 7)};
  const std::vector<VectorEnergy> energies = energy_by_vector(windows, Baseline::none, 2);
  ASSERT_EQ(energies.size(), 2);
  EXPECT_EQ(energies[0].vector, 2);
  EXPECT_NEAR(energies[1].energy, 2 * 0.15 / 10, 1e-12);
  EXPECT_EQ(energies[1].windows, 2);
  const EnergySpread spread = *spread_of(energies);
  EXPECT_NEAR(spread.low, 0.03, 1e-12);
  EXPECT_NEAR(spread.median, 0.045, 1e-12);
  EXPECT_NEAR(spread.high, 0.06, 1e-12);
}

TEST(EnergyByVector, LeavesOutWindowsWithoutProvenInferences) {
  InferenceWindow window = window_of(0.1, 1);
  window.proven = 0;
  EXPECT_TRUE(energy_by_vector({&window, 1}, Baseline::none, 2).empty());
  EXPECT_FALSE(spread_of({}));
}

TEST(MlperfTinyEnergy, IsTheMedianOfFiveWindows) {
  std::vector<InferenceWindow> windows;
  for (const double charge : {0.5, 0.1, 0.2, 0.4, 0.3}) windows.push_back(window_of(charge, 0));
  EXPECT_NEAR(*mlperf_tiny_energy(windows, 3).energy, 3 * 0.3 / 10, 1e-12);
  windows[0].window.length_s = 9.99;
  EXPECT_EQ(mlperf_tiny_energy(windows, 3).obstacle, "one of the five windows is shorter than ten seconds");
  windows.pop_back();
  EXPECT_FALSE(mlperf_tiny_energy(windows, 3).energy);
  EXPECT_EQ(mlperf_tiny_energy(windows, 3).obstacle,
            "MLPerf Tiny asks for exactly five windows; there are 4");
}

}  // namespace
}  // namespace tinyhil::stats
