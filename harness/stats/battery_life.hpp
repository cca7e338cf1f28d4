// SPDX-License-Identifier: Apache-2.0
// How long a battery lasts: T = ln(1 + s Q / I) / s, for a battery that loses the share s of its charge a
// year beside the current I; Q / I without self-discharge. A year has 8766 hours. Uncertainties are
// propagated by Monte Carlo (JCGM 101:2008): one seed, one answer.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tinyhil {

// Infinite without a current, which the formula is not made for; 0 without charge.
double battery_years(double charge_mah, double current_ua, double self_discharge_per_year);

enum class Spread { normal, rectangular };

struct Uncertain {
  double value = 0;
  double uncertainty = 0;  // standard uncertainty; of a rectangular one, half its width / sqrt(3)
  Spread spread = Spread::normal;
};

struct BatteryDuty {
  Uncertain charge_mah;
  Uncertain self_discharge_per_year;  // 0.01 for 1 %
  Uncertain sleep_ua;
  Uncertain events_per_second;
  Uncertain event_uc;  // charge of one event: wake-up, inference, transmission
};

double average_ua(const BatteryDuty& duty);  // of the values, without their uncertainty
double battery_years(const BatteryDuty& duty);

// The life that a device exceeds with the probability 1 - `quantile`; 0 < quantile < 1. Draws below zero
// count as zero.
double battery_years_quantile(const BatteryDuty& duty, double quantile, std::uint64_t seed,
                              std::size_t draws = 100'000);

}  // namespace tinyhil
