// SPDX-License-Identifier: Apache-2.0
#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace tinyhil::report {
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

// At least `decimals`, and more where rounding would turn nearly all into all or nearly none into none.
std::string percent_digits(double ratio, int decimals) {
  const double percent = 100 * ratio;
  std::string digits = fmt::format("{:.{}f}", percent, decimals);
  for (; std::isfinite(percent) && decimals < 8; digits = fmt::format("{:.{}f}", percent, ++decimals)) {
    const double shown = std::stod(digits);
    if ((percent < 100) == (shown < 100) && (percent > 0) == (shown > 0)) break;
  }
  return digits;
}

std::string number_of(double value, Unit unit) {
  if (!std::isfinite(value)) return significant(value, 1);
  if (unit == Unit::ratio) return percent_digits(value, 2);
  const bool whole = value >= 0 && value < 1e15 && value == std::floor(value);
  return whole ? grouped(fmt::format("{:.0f}", value)) : significant(value, 5);
}

std::string suffix_of(Unit unit, bool difference) {
  if (unit == Unit::ratio) return difference ? " pts" : " %";
  if (unit == Unit::microseconds) return " µs";
  return unit == Unit::none ? "" : " " + std::string(to_string(unit));
}

}  // namespace

std::string format_count(std::uint64_t count) { return grouped(std::to_string(count)); }

std::string format_sum(double scores) {
  if (scores == std::floor(scores)) return format_count(static_cast<std::uint64_t>(scores));
  return grouped(fmt::format("{:.2f}", scores));
}

std::string format_bytes(std::uint64_t bytes) { return format_count(bytes) + " B"; }

std::string format_percent(double ratio) { return with_true_minus(percent_digits(ratio, 1)) + " %"; }

std::string format_proportion(const Proportion& proportion) {
  return proportion.n == 0 ? "no data" : format_percent(proportion.value());
}

std::string format_us(double us) {
  if (us < 1000) return significant(us, 4) + " µs";
  if (us < 10e6) return significant(us / 1e3, 5) + " ms";
  return significant(us / 1e6, 5) + " s";
}

std::string format_current(double ampere) {
  if (ampere < 1e-3) return significant(ampere * 1e6, 4) + " µA";
  return significant(ampere * 1e3, 4) + " mA";
}

std::string format_millionths(double value, const Quantity& quantity) {
  if (is_duration(quantity.small)) return format_us(value);
  return format_quantity(value * 1e-6 / base_of(quantity.small).factor, quantity.small, false);
}

std::string title_of(const Quantity& quantity) {
  std::string title(quantity.name);
  title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  return title;
}

std::string format_interval(const Proportion& proportion) {
  return percent_digits(proportion.interval.low, 1) + " to " + format_percent(proportion.interval.high);
}

std::string format_quantity(double value, Unit unit, bool difference) {
  return with_true_minus(number_of(value, unit)) + suffix_of(unit, difference);
}

std::string format_limit(double value, Unit unit, bool difference) {
  return with_true_minus(without_trailing_zeros(number_of(value, unit))) + suffix_of(unit, difference);
}

bool is_open_end(double end, Unit unit, bool difference) {
  return !std::isfinite(end) || (difference && unit == Unit::ratio && std::abs(end) >= 1);
}

std::string format_interval(const std::optional<Interval>& interval, Unit unit, bool difference) {
  if (!interval || std::isnan(interval->low) || std::isnan(interval->high)) return "";
  const bool open_low = is_open_end(interval->low, unit, difference);
  const bool open_high = is_open_end(interval->high, unit, difference);
  if (open_low && open_high) return "";
  if (open_high) return "at least " + format_quantity(interval->low, unit, difference);
  if (open_low) return "at most " + format_quantity(interval->high, unit, difference);
  return with_true_minus(number_of(interval->low, unit)) + " to " +
         format_quantity(interval->high, unit, difference);
}

}  // namespace tinyhil::report
