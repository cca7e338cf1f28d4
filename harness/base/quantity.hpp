// SPDX-License-Identifier: Apache-2.0
// Numbers as people write them, with their unit. Pure; nothing when the text is anything else.
// A number with a unit is never negative.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tinyhil {

// "0.99", "1e-3"; finite.
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);

// "2 %" or "2%" -> 0.02
std::optional<double> parse_ratio(std::string_view text);
// ns, us, ms, s, min, h, d; at most 366 days
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);
// B, kB, MB, GB (powers of 1000), KiB, MiB, GiB (powers of 1024); whole bytes, at most 2^53
std::optional<std::uint64_t> parse_byte_count(std::string_view text);

// "10 y"; a year is 365.25 days
std::optional<double> parse_years(std::string_view text);
// "2040 mAh", "2.04 Ah" -> mAh
std::optional<double> parse_charge_mah(std::string_view text);
// "30 uC", "2 mC", "1 C" -> uC
std::optional<double> parse_charge_uc(std::string_view text);
// "400 uJ", "1.2 mJ" -> uJ
std::optional<double> parse_energy_uj(std::string_view text);
// "25 C", "-10 C"; above absolute zero
std::optional<double> parse_temperature_c(std::string_view text);
// "4 uA", "400 nA", "1.2 mA" -> uA
std::optional<double> parse_current_ua(std::string_view text);
// "3.3 V", "3300 mV" -> V
std::optional<double> parse_voltage_v(std::string_view text);

}  // namespace tinyhil
