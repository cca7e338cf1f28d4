// SPDX-License-Identifier: Apache-2.0
#include "energy_forecast.hpp"

#include <gtest/gtest.h>

#include "rules/energy_test.hpp"

namespace tinyhil::gate {
namespace {

Policy metered_policy(const char* energy_rule) {
  Policy policy;
  policy.rules.push_back({.id = "faults", .test = "no_faults", .rule = test::rule_of("no_faults", "{}")});
  policy.rules.push_back({.id = "e", .test = "energy", .rule = test::rule_of("energy", energy_rule)});
  return policy;
}

constexpr const char* kThreePercent = "{margin: 3 %}";

std::vector<EnergyForecast> forecast(const Metered& metered, std::uint64_t blocks) {
  return forecast_energy(metered_policy(kThreePercent), metered_case(metered).recordings, {"shipped", "slim"},
                         blocks);
}

TEST(EnergyForecast, SaysWhichMarginSoManyBlocksDecide) {
  // A block's ratio scatters by 0.01, for each side is the mean of two windows.
  const auto forecasts = forecast({.scatter = 0.01, .blocks = 200}, 100);
  ASSERT_EQ(forecasts.size(), 1);
  EXPECT_EQ(forecasts[0].rule, "e");
  EXPECT_EQ(forecasts[0].board, "m4");
  EXPECT_EQ(forecasts[0].margin, 0.03);
  EXPECT_EQ(forecasts[0].blocks_seen, 200);
  EXPECT_NEAR(forecasts[0].block_scatter, 0.01, 0.002);
  const double by_scatter = (1.645 + 1.282) * forecasts[0].block_scatter / 10;
  EXPECT_NEAR(forecasts[0].least_margin_equal, by_scatter + forecasts[0].instrument, 2e-4);
}

TEST(EnergyForecast, NeedsFourTimesTheBlocksForHalfTheMargin) {
  const auto few = forecast({.scatter = 0.01}, 20), many = forecast({.scatter = 0.01}, 80);
  EXPECT_NEAR(few[0].least_margin_equal - few[0].instrument,
              2 * (many[0].least_margin_equal - many[0].instrument), 1e-4);
}

TEST(EnergyForecast, CountsFromWhatWasSeen) {
  const auto forecasts = forecast({.ratio = 1.02, .scatter = 0.001}, 20);
  EXPECT_NEAR(forecasts[0].seen, 0.02, 1e-3);
  EXPECT_NEAR(forecasts[0].least_margin_seen, 0.02 + forecasts[0].least_margin_equal, 2e-3);
}

TEST(EnergyForecast, KnowsNothingBeforeAFirstRunOrWithoutAMargin) {
  EXPECT_TRUE(forecast({.blocks = 1}, 20).empty());
  EXPECT_TRUE(forecast_energy(metered_policy(kThreePercent), {}, {"shipped", "slim"}, 20).empty());
  const Policy limited = metered_policy("{limit: 400 uJ}");
  EXPECT_TRUE(forecast_energy(limited, metered_case({}).recordings, {"shipped", "slim"}, 20).empty());
}

}  // namespace
}  // namespace tinyhil::gate
