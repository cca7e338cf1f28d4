// SPDX-License-Identifier: Apache-2.0
#include "battery_life.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "random.hpp"

namespace tinyhil {
namespace {

constexpr double kHoursPerYear = 8766;  // 365.25 days

double drawn(const Uncertain& quantity, Random& random) {
  if (quantity.uncertainty == 0) return quantity.value;
  const double deviation =
      quantity.spread == Spread::normal ? random.normal() : std::numbers::sqrt3 * (2 * random.uniform() - 1);
  return std::max(0.0, quantity.value + quantity.uncertainty * deviation);
}

}  // namespace

double battery_years(double charge_mah, double current_ua, double self_discharge_per_year) {
  assert(charge_mah >= 0 && current_ua >= 0 && self_discharge_per_year >= 0);
  if (charge_mah == 0) return 0;
  if (current_ua == 0) return std::numeric_limits<double>::infinity();
  const double years = charge_mah * 1000 / current_ua / kHoursPerYear;
  const double s = self_discharge_per_year;
  return s == 0 ? years : std::log1p(s * years) / s;
}

double average_ua(const BatteryDuty& duty) {
  return duty.sleep_ua.value + duty.events_per_second.value * duty.event_uc.value;
}

double battery_years(const BatteryDuty& duty) {
  return battery_years(duty.charge_mah.value, average_ua(duty), duty.self_discharge_per_year.value);
}

double battery_years_quantile(const BatteryDuty& duty, double quantile, std::uint64_t seed,
                              std::size_t draws) {
  assert(quantile > 0 && quantile < 1 && draws > 0);
  Random random(seed);
  std::vector<double> years(draws);
  for (double& life : years) {
    const double charge = drawn(duty.charge_mah, random), lost = drawn(duty.self_discharge_per_year, random);
    const double sleep = drawn(duty.sleep_ua, random), events = drawn(duty.events_per_second, random);
    life = battery_years(charge, sleep + events * drawn(duty.event_uc, random), lost);
  }
  const auto rank = static_cast<std::ptrdiff_t>(quantile * static_cast<double>(draws));
  std::nth_element(years.begin(), years.begin() + rank, years.end());
  return years[static_cast<std::size_t>(rank)];
}

}  // namespace tinyhil
