// SPDX-License-Identifier: Apache-2.0
#include "host_clock.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/seeded_random.hpp"

namespace tinyhil::meter {
namespace {

// Reads of 1,000 samples at 100 kS/s by a clock that is 20 ppm slow; delays of 0.2 ms and now and then many.
std::vector<Arrival> arrivals(stats::SeededRandom& random) {
  std::vector<Arrival> result;
  for (std::uint64_t samples = 1'000; samples <= 1'000'000; samples += 1'000) {
    const double delay = -2e-4 * std::log(random.uniform()) + (random.uniform() < 0.05 ? 0.02 : 0);
    result.push_back({samples, 5 + static_cast<double>(samples) * 1e-5 * (1 + 20e-6) + delay});
  }
  return result;
}

TEST(HostClock, IsFittedFromBelow) {
  stats::SeededRandom random(1);
  for (int i = 0; i < 20; ++i) {
    const HostClockFit fit = *fit_host_clock(arrivals(random));
    EXPECT_NEAR(fit.period_s, 1e-5 * (1 + 20e-6), 1e-5 * 5e-6);
    EXPECT_NEAR(fit.start_s, 5, 1e-4);
    EXPECT_GT(fit.sigma_s, 2e-5);
    EXPECT_LT(fit.sigma_s, 2e-4);
  }
}

TEST(HostClock, PlacesWindowsWithItsUncertainty) {
  const HostClockFit fit{.start_s = 5, .period_s = 1e-5, .sigma_s = 3e-5};
  const AlignedWindow window = align_by_host(fit, {.begin_s = 6, .end_s = 7, .sigma_s = 4e-5});
  EXPECT_NEAR(window.first, 100'000, 1e-6);
  EXPECT_NEAR(window.last, 200'000, 1e-6);
  EXPECT_NEAR(window.sigma_samples, 5 * std::sqrt(2), 1e-9);
  EXPECT_EQ(window.method, AlignmentMethod::host_clock);
  EXPECT_EQ(window.incomplete, "");
  EXPECT_NE(align_by_host(fit, {.begin_s = 4, .end_s = 7}).incomplete, "");
}

TEST(HostClock, NeedsTenArrivalsThatAscend) {
  std::vector<Arrival> few(9);
  EXPECT_FALSE(fit_host_clock(few));
  std::vector<Arrival> same(20, Arrival{5, 1});
  EXPECT_FALSE(fit_host_clock(same));
}

}  // namespace
}  // namespace tinyhil::meter
