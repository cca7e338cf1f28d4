// SPDX-License-Identifier: Apache-2.0
// How long a battery lasts in a product that mostly sleeps: T = ln(1 + s Q / I) / s, for a battery that loses
// the share s of its charge a year beside the current I; Q / I without self-discharge, and never longer than
// its shelf life. A year has 8766 hours. Where inputs are uncertain that is propagated by Monte Carlo
// (JCGM 101:2008): one seed, one answer. Example:
//
//   BatteryModel model;
//   model[BatteryInput::capacity_mah] = {2600, 80, Spread::rectangular};
//   model[BatteryInput::sleep_ua] = {1.9, 0.1};
//   const BatteryLife life = battery_life(model, 1);
//   for (const BatteryLever& lever : battery_tornado(model)) ...   // what matters most, first
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tinyhil::stats {

// Infinite without a current, which the formula is not made for; 0 without charge.
double battery_years(double charge_mah, double current_ua, double self_discharge_per_year);

enum class Spread { normal, rectangular };

struct Uncertain {
  double value = 0;
  double uncertainty = 0;  // standard uncertainty; of a rectangular one, half its width / sqrt(3)
  Spread spread = Spread::normal;
};

// Currents and charges are those that the board draws at its own voltage.
enum class BatteryInput : std::uint8_t {
  capacity_mah,             // rated, to the end voltage at the reference temperature
  derating_per_k,           // share of it that is lost a kelvin below the reference temperature
  self_discharge_per_year,  // at the reference temperature, 0.01 for 1 %; doubles every 10 K
  temperature_c,
  shelf_years,        // 0: no limit
  sleep_ua,           // the deepest sleep
  idle_ua,            // awake, waiting
  idle_s_per_wakeup,  // how long it waits, a wake-up
  wakeups_per_day,
  wakeup_uc,  // from sleep to being awake, beyond what it sleeps on
  inferences_per_wakeup,
  inference_uc,     // gross, one inference
  inference_s,      // how long it takes
  radio_per_day,    // transmissions
  radio_uc,         // of one, beyond what it sleeps on
  regulator_share,  // efficiency, 0 .. 1; 0: no regulator, the battery gives the board's current
  regulator_ua,     // what it draws itself, from the battery
  resistance_ohm,   // of the battery
};

constexpr std::size_t kBatteryInputs = 18;

const char* to_string(BatteryInput input);  // "sleep current"

struct BatteryModel {
  std::array<Uncertain, kBatteryInputs> inputs{};

  double reference_c = 25;
  // Of the regulator: I_battery = I_board * board_v / (efficiency * battery_v). A linear one has the
  // efficiency board_v / battery_v.
  double board_v = 0;
  double battery_v = 0;
  // The product stops when the voltage under its largest current falls below cutoff_v. The open-circuit
  // voltage is taken to fall in a straight line from full_v to empty_v. peak_ma 0: no such limit.
  double peak_ma = 0;
  double full_v = 0;
  double empty_v = 0;
  double cutoff_v = 0;

  Uncertain& operator[](BatteryInput input) { return inputs[static_cast<std::size_t>(input)]; }
  const Uncertain& operator[](BatteryInput input) const { return inputs[static_cast<std::size_t>(input)]; }
};

// Of the values, without their uncertainty.
double average_ua(const BatteryModel& model);  // from the battery
double usable_mah(const BatteryModel& model);  // what temperature and the cut-off leave
double battery_years(const BatteryModel& model);

struct BatteryLife {
  double p5_years = 0;  // 95 % of devices live longer, as far as the inputs are known
  double p50_years = 0;
  double p95_years = 0;
};

// Draws outside of what an input can be (below zero; a share above one) count as its end.
BatteryLife battery_life(const BatteryModel& model, std::uint64_t seed, std::size_t draws = 100'000);

// The life that is exceeded with the probability 1 - `quantile`; 0 < quantile < 1.
double battery_years_quantile(const BatteryModel& model, double quantile, std::uint64_t seed,
                              std::size_t draws = 100'000);

// The life with one input at its 5 % and 95 % quantile, the others at their values.
struct BatteryLever {
  BatteryInput input{};
  double years_at_low = 0;
  double years_at_high = 0;
};

// Of the inputs that are uncertain, the one that moves the life most first.
std::vector<BatteryLever> battery_tornado(const BatteryModel& model);

}  // namespace tinyhil::stats
