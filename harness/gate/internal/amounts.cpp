// SPDX-License-Identifier: Apache-2.0
#include "amounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tinyhil::gate {
namespace {

constexpr int kMostDecimals = 6;

bool is_whole(const std::optional<double>& value) {
  return !value || (std::isfinite(*value) && *value == std::floor(*value));
}

// Inferences, vectors and bytes are counted, milliseconds are measured.
bool is_counted(const Check& check) {
  return is_counted(check.unit) && is_whole(check.estimate) && is_whole(check.limit) && !check.interval;
}

std::string thing_of(const Check& check) {
  if (check.unit == Unit::bytes) return "bytes";
  return check.counted.empty() ? std::string(to_string(check.unit)) : check.counted;
}

// Four significant digits of the largest number around.
int decimals_of(const Check& check) {
  double largest = 0;
  for (const std::optional<double>& value : {check.estimate, check.limit})
    if (value && std::isfinite(*value)) largest = std::max(largest, std::abs(*value));
  if (largest == 0) return 2;
  return std::clamp(3 - static_cast<int>(std::floor(std::log10(largest))), 0, kMostDecimals);
}

std::string singular(const std::string& things) {
  return things.ends_with('s') ? things.substr(0, things.size() - 1) : things;
}

}  // namespace

Amounts::Amounts(const Check& check, bool difference) {
  if (check.unit == Unit::ratio) {
    factor_ = 100;
    suffix_ = difference ? " points" : " %";
    decimals_ = check.limit && std::abs(*check.limit) < 0.01 ? 2 : 1;
    return;
  }
  suffix_ = check.unit == Unit::none ? "" : " " + std::string(to_string(check.unit));
  counts_ = is_counted(check);
  if (counts_)
    thing_ = thing_of(check);
  else
    decimals_ = is_whole(check.estimate) && is_whole(check.limit) ? 0 : decimals_of(check);
}

std::string Amounts::of(double value, int decimals) const {
  std::string digits = fmt::format("{:.{}f}", factor_ * value, decimals);
  if (digits.find('.') != std::string::npos) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.ends_with('.')) digits.pop_back();
  }
  if (digits == "-0") digits = "0";
  if (decimals == 0) digits = grouped(factor_ * value);
  return digits + (digits == "1" && suffix_ == " points" ? " point" : suffix_);
}

std::string Amounts::of(double value) const { return of(value, decimals_); }

std::string Amounts::distance(double value) const {
  int decimals = decimals_;
  while (decimals < kMostDecimals && std::abs(factor_ * value) * std::pow(10, decimals) < 1) ++decimals;
  return of(value, decimals);
}

double Amounts::rounded_beyond(double value, Allowed side) const {
  const double steps = factor_ * value * std::pow(10, decimals_);
  const double slack = 1e-9 * std::max(1.0, std::abs(steps));  // 29.6 is a little more or less in binary
  const double beyond = side == Allowed::at_least ? std::floor(steps - slack) : std::ceil(steps - slack);
  return beyond / factor_ / std::pow(10, decimals_);
}

std::string Amounts::things(double count, const char* word) const {
  if (count == 1) return std::string("one ") + word + " " + singular(thing_);
  return grouped(count) + " " + word + " " + thing_;
}

std::string Amounts::first() const { return "one " + singular(thing_); }
std::string Amounts::more(double count) const { return things(count, "more"); }
std::string Amounts::fewer(double count) const { return things(count, count == 1 ? "less" : "fewer"); }

std::string grouped(double whole) {
  std::string digits = fmt::format("{:.0f}", std::abs(whole));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return (whole < 0 && digits != "0" ? "-" : "") + digits;
}

std::string time_of(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", std::max(seconds, 0.1));
  const double whole = std::round(seconds);
  const double minutes = std::floor(whole / 60);
  if (minutes < 1) return fmt::format("{:.0f} s", whole);
  if (minutes < 60) return fmt::format("{:.0f} min {:.0f} s", minutes, whole - 60 * minutes);
  return fmt::format("{} h {:.0f} min", grouped(std::floor(minutes / 60)), std::fmod(minutes, 60));
}

}  // namespace tinyhil::gate
