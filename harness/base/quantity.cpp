// SPDX-License-Identifier: Apache-2.0
#include "quantity.hpp"

#include <charconv>
#include <cmath>
#include <initializer_list>

namespace tinyhil {
namespace {

struct UnitFactor {
  std::string_view name;
  double factor;
};

struct Quantity {
  double number;
  std::string_view unit;
};

std::optional<Quantity> split(std::string_view text) {
  Quantity quantity{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), quantity.number);
  if (error != std::errc() || !std::isfinite(quantity.number)) return std::nullopt;
  quantity.unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!quantity.unit.empty() && quantity.unit.front() == ' ') quantity.unit.remove_prefix(1);
  return quantity;
}

std::optional<double> in_base_unit(std::string_view text, std::initializer_list<UnitFactor> units) {
  const auto quantity = split(text);
  if (!quantity || std::signbit(quantity->number)) return std::nullopt;
  for (const UnitFactor& unit : units)
    if (unit.name == quantity->unit) return quantity->number * unit.factor;
  return std::nullopt;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  const auto quantity = split(text);
  if (!quantity || !quantity->unit.empty()) return std::nullopt;
  return quantity->number;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> parse_ratio(std::string_view text) {
  const auto percent = in_base_unit(text, {{"%", 1}});
  if (!percent) return std::nullopt;
  return *percent / 100;  // 2 / 100 is the double nearest to 0.02, 2 * 0.01 need not be
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  constexpr double kDay = 86'400e9;
  const auto ns = in_base_unit(text, {{"ns", 1},
                                      {"us", 1e3},
                                      {"µs", 1e3},
                                      {"ms", 1e6},
                                      {"s", 1e9},
                                      {"min", 60e9},
                                      {"h", 3600e9},
                                      {"d", kDay}});
  if (!ns || *ns > 366 * kDay) return std::nullopt;
  return std::chrono::nanoseconds(std::llround(*ns));
}

std::optional<std::uint64_t> parse_byte_count(std::string_view text) {
  const auto bytes = in_base_unit(text, {{"B", 1},
                                         {"kB", 1e3},
                                         {"MB", 1e6},
                                         {"GB", 1e9},
                                         {"KiB", 1024},
                                         {"MiB", 1024.0 * 1024},
                                         {"GiB", 1024.0 * 1024 * 1024}});
  if (!bytes || *bytes > 0x1p53) return std::nullopt;
  // 2.3 kB is 2299.9999999999995 in binary; half a byte is a mistake.
  const double whole = std::round(*bytes);
  if (std::abs(*bytes - whole) > 1e-3) return std::nullopt;
  return static_cast<std::uint64_t>(whole);
}

std::optional<double> parse_years(std::string_view text) {
  return in_base_unit(text, {{"y", 1}, {"d", 1 / 365.25}});
}

std::optional<double> parse_charge_mah(std::string_view text) {
  return in_base_unit(text, {{"mAh", 1}, {"Ah", 1e3}});
}

std::optional<double> parse_charge_uc(std::string_view text) {
  return in_base_unit(text, {{"nC", 1e-3}, {"uC", 1}, {"µC", 1}, {"mC", 1e3}, {"C", 1e6}});
}

std::optional<double> parse_energy_uj(std::string_view text) {
  return in_base_unit(text, {{"nJ", 1e-3}, {"uJ", 1}, {"µJ", 1}, {"mJ", 1e3}, {"J", 1e6}});
}

std::optional<double> parse_temperature_c(std::string_view text) {
  constexpr double kAbsoluteZero = -273.15;
  const bool is_below = text.starts_with('-');
  const auto degrees = in_base_unit(is_below ? text.substr(1) : text, {{"C", 1}, {"°C", 1}});
  if (!degrees) return std::nullopt;
  const double value = is_below ? -*degrees : *degrees;
  return value < kAbsoluteZero ? std::nullopt : std::optional(value);
}

std::optional<double> parse_current_ua(std::string_view text) {
  return in_base_unit(text, {{"nA", 1e-3}, {"uA", 1}, {"µA", 1}, {"mA", 1e3}, {"A", 1e6}});
}

std::optional<double> parse_voltage_v(std::string_view text) {
  const auto mv = in_base_unit(text, {{"mV", 1}, {"V", 1e3}});
  if (!mv) return std::nullopt;
  return *mv / 1000;  // the double nearest to what is written in millivolts
}

}  // namespace tinyhil
