// SPDX-License-Identifier: Apache-2.0
#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tinyhil {
namespace {

constexpr const char* kMinus = "−";

std::string with_true_minus(std::string digits) {
  if (digits.starts_with('-')) digits.replace(0, 1, kMinus);
  return digits;
}

std::string without_trailing_zeros(std::string digits) {
  if (digits.find('.') == std::string::npos) return digits;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits == "-0" ? "0" : digits;
}

std::string significant(double value, int digits) {
  if (!std::isfinite(value)) return std::isnan(value) ? "not a number" : (value < 0 ? "-∞" : "∞");
  if (std::abs(value) >= 1e15 || (value != 0 && std::abs(value) < 1e-9)) return fmt::format("{:.4g}", value);
  const int magnitude = value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(value))));
  return fmt::format("{:.{}f}", value, std::clamp(digits - 1 - magnitude, 0, 12));
}

std::string grouped(std::string digits) {
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string number_of(double value, const std::string& unit, bool difference) {
  if (unit == "ratio") return without_trailing_zeros(significant(100 * value, difference ? 3 : 4));
  const bool whole = std::isfinite(value) && value >= 0 && value < 1e15 && value == std::floor(value);
  if (whole) return grouped(fmt::format("{:.0f}", value));
  return without_trailing_zeros(significant(value, 5));
}

std::string suffix_of(const std::string& unit, bool difference) {
  if (unit == "ratio") return difference ? " pts" : " %";
  return unit.empty() ? "" : " " + unit;
}

}  // namespace

std::string format_count(std::uint64_t count) { return grouped(std::to_string(count)); }

std::string format_bytes(std::uint64_t bytes) { return format_count(bytes) + " B"; }

std::string format_percent(double ratio) {
  const double percent = 100 * ratio;
  std::string digits = fmt::format("{:.1f}", percent);
  for (int decimals = 2; decimals <= 8; ++decimals) {
    const bool rounded_away =
        (percent < 100 && std::stod(digits) >= 100) || (percent > 0 && std::stod(digits) <= 0);
    if (!std::isfinite(percent) || !rounded_away) break;
    digits = fmt::format("{:.{}f}", percent, decimals);
  }
  return with_true_minus(digits) + " %";
}

std::string format_proportion(const Proportion& proportion) {
  return proportion.n == 0 ? "no data" : format_percent(proportion.value());
}

std::string format_us(double us) {
  if (us < 1000) return significant(us, 4) + " µs";
  if (us < 10e6) return significant(us / 1e3, 5) + " ms";
  return significant(us / 1e6, 5) + " s";
}

std::string format_quantity(double value, const std::string& unit, bool difference) {
  return with_true_minus(number_of(value, unit, difference)) + suffix_of(unit, difference);
}

bool is_open_end(double end, const std::string& unit, bool difference) {
  return !std::isfinite(end) || (difference && unit == "ratio" && std::abs(end) >= 1);
}

std::string format_interval(const std::optional<Interval>& interval, const std::string& unit,
                            bool difference) {
  if (!interval || std::isnan(interval->low) || std::isnan(interval->high)) return "";
  const bool open_low = is_open_end(interval->low, unit, difference);
  const bool open_high = is_open_end(interval->high, unit, difference);
  if (open_low && open_high) return "";
  if (open_high) return "at least " + format_quantity(interval->low, unit, difference);
  if (open_low) return "at most " + format_quantity(interval->high, unit, difference);
  return with_true_minus(number_of(interval->low, unit, difference)) + " to " +
         format_quantity(interval->high, unit, difference);
}

}  // namespace tinyhil
