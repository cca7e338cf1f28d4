// SPDX-License-Identifier: Apache-2.0
#include "battery_life.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

#include "normal.hpp"
#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kHoursPerYear = 8766;  // 365.25 days
constexpr double kSecondsPerDay = 86'400;
constexpr double kDoublingK = 10;

using Inputs = std::array<double, kBatteryInputs>;

double of(const Inputs& inputs, BatteryInput input) { return inputs[static_cast<std::size_t>(input)]; }

double possible(BatteryInput input, double value) {
  switch (input) {
    case BatteryInput::temperature_c:
      return std::max(value, -273.15);
    case BatteryInput::regulator_share:
    case BatteryInput::derating_per_k:
      return std::clamp(value, 0.0, 1.0);
    default:
      return std::max(value, 0.0);
  }
}

Inputs values_of(const BatteryModel& model) {
  Inputs values{};
  for (std::size_t i = 0; i < kBatteryInputs; ++i)
    values[i] = possible(static_cast<BatteryInput>(i), model.inputs[i].value);
  return values;
}

// Microcoulombs a day that the board takes; seconds that it does not sleep.
double board_ua(const Inputs& in) {
  const double wakeups = of(in, BatteryInput::wakeups_per_day);
  const double inferences = wakeups * of(in, BatteryInput::inferences_per_wakeup);
  const double idle_s = wakeups * of(in, BatteryInput::idle_s_per_wakeup);
  const double awake_s = idle_s + inferences * of(in, BatteryInput::inference_s);
  const double sleep_s = std::max(0.0, kSecondsPerDay - awake_s);
  const double charge_uc = sleep_s * of(in, BatteryInput::sleep_ua) + idle_s * of(in, BatteryInput::idle_ua) +
                           wakeups * of(in, BatteryInput::wakeup_uc) +
                           inferences * of(in, BatteryInput::inference_uc) +
                           of(in, BatteryInput::radio_per_day) * of(in, BatteryInput::radio_uc);
  return charge_uc / kSecondsPerDay;
}

double battery_ua(const BatteryModel& model, const Inputs& in) {
  const double share = of(in, BatteryInput::regulator_share);
  const double factor = share > 0 ? model.board_v / (share * model.battery_v) : 1;
  return board_ua(in) * factor + of(in, BatteryInput::regulator_ua);
}

// The share of the charge that is drawn before a pulse pulls the voltage below the cut-off.
double share_before_cutoff(const BatteryModel& model, const Inputs& in) {
  if (model.peak_ma <= 0) return 1;
  const double drop = of(in, BatteryInput::resistance_ohm) * model.peak_ma / 1000;
  const double fall = model.full_v - model.empty_v;
  return std::clamp((model.full_v - model.cutoff_v - drop) / fall, 0.0, 1.0);
}

double usable(const BatteryModel& model, const Inputs& in) {
  const double colder = std::max(0.0, model.reference_c - of(in, BatteryInput::temperature_c));
  const double left = std::max(0.0, 1 - colder * of(in, BatteryInput::derating_per_k));
  return of(in, BatteryInput::capacity_mah) * left * share_before_cutoff(model, in);
}

double years(const BatteryModel& model, const Inputs& in) {
  const double warmer = of(in, BatteryInput::temperature_c) - model.reference_c;
  const double lost = of(in, BatteryInput::self_discharge_per_year) * std::exp2(warmer / kDoublingK);
  const double life = battery_years(usable(model, in), battery_ua(model, in), lost);
  const double shelf = of(in, BatteryInput::shelf_years);
  return shelf > 0 ? std::min(life, shelf) : life;
}

double deviated(const Uncertain& quantity, double deviation) {
  return quantity.value + quantity.uncertainty * deviation;
}

double drawn(const Uncertain& quantity, SeededRandom& random) {
  if (quantity.uncertainty == 0) return quantity.value;
  return deviated(quantity, quantity.spread == Spread::normal
                                ? random.normal()
                                : std::numbers::sqrt3 * (2 * random.uniform() - 1));
}

double at_quantile(const Uncertain& quantity, double p) {
  return deviated(quantity,
                  quantity.spread == Spread::normal ? normal_quantile(p) : std::numbers::sqrt3 * (2 * p - 1));
}

void check(const BatteryModel& model) {
  assert(model.peak_ma <= 0 || model.full_v > model.empty_v);
  assert(model[BatteryInput::regulator_share].value <= 0 || (model.battery_v > 0 && model.board_v > 0));
}

std::vector<double> sorted_lives(const BatteryModel& model, std::uint64_t seed, std::size_t draws) {
  check(model);
  SeededRandom random(seed);
  std::vector<double> lives(draws);
  Inputs inputs{};
  for (double& life : lives) {
    for (std::size_t i = 0; i < kBatteryInputs; ++i)
      inputs[i] = possible(static_cast<BatteryInput>(i), drawn(model.inputs[i], random));
    life = years(model, inputs);
  }
  std::sort(lives.begin(), lives.end());
  return lives;
}

double quantile_of(const std::vector<double>& sorted, double quantile) {
  return sorted[static_cast<std::size_t>(quantile * static_cast<double>(sorted.size()))];
}

}  // namespace

const char* to_string(BatteryInput input) {
  constexpr std::array<const char*, kBatteryInputs> kNames{"capacity",
                                                           "derating by cold",
                                                           "self-discharge",
                                                           "temperature",
                                                           "shelf life",
                                                           "sleep current",
                                                           "idle current",
                                                           "idle time a wake-up",
                                                           "wake-ups",
                                                           "charge of a wake-up",
                                                           "inferences a wake-up",
                                                           "charge of an inference",
                                                           "inference time",
                                                           "transmissions",
                                                           "charge of a transmission",
                                                           "regulator efficiency",
                                                           "regulator current",
                                                           "internal resistance"};
  return kNames[static_cast<std::size_t>(input)];
}

double battery_years(double charge_mah, double current_ua, double self_discharge_per_year) {
  assert(charge_mah >= 0 && current_ua >= 0 && self_discharge_per_year >= 0);
  if (charge_mah == 0) return 0;
  if (current_ua == 0) return std::numeric_limits<double>::infinity();
  const double years = charge_mah * 1000 / current_ua / kHoursPerYear;
  const double s = self_discharge_per_year;
  return s == 0 ? years : std::log1p(s * years) / s;
}

double average_ua(const BatteryModel& model) {
  check(model);
  return battery_ua(model, values_of(model));
}

double usable_mah(const BatteryModel& model) {
  check(model);
  return usable(model, values_of(model));
}

double battery_years(const BatteryModel& model) {
  check(model);
  return years(model, values_of(model));
}

BatteryLife battery_life(const BatteryModel& model, std::uint64_t seed, std::size_t draws) {
  assert(draws > 0);
  const std::vector<double> lives = sorted_lives(model, seed, draws);
  return {quantile_of(lives, 0.05), quantile_of(lives, 0.5), quantile_of(lives, 0.95)};
}

double battery_years_quantile(const BatteryModel& model, double quantile, std::uint64_t seed,
                              std::size_t draws) {
  assert(quantile > 0 && quantile < 1 && draws > 0);
  return quantile_of(sorted_lives(model, seed, draws), quantile);
}

std::vector<BatteryLever> battery_tornado(const BatteryModel& model) {
  check(model);
  std::vector<BatteryLever> levers;
  for (std::size_t i = 0; i < kBatteryInputs; ++i) {
    if (model.inputs[i].uncertainty == 0) continue;
    const auto input = static_cast<BatteryInput>(i);
    Inputs values = values_of(model);
    values[i] = possible(input, at_quantile(model.inputs[i], 0.05));
    const double low = years(model, values);
    values[i] = possible(input, at_quantile(model.inputs[i], 0.95));
    levers.push_back({input, low, years(model, values)});
  }
  std::stable_sort(levers.begin(), levers.end(), [](const BatteryLever& a, const BatteryLever& b) {
    return std::abs(a.years_at_high - a.years_at_low) > std::abs(b.years_at_high - b.years_at_low);
  });
  return levers;
}

}  // namespace tinyhil::stats
