// SPDX-License-Identifier: Apache-2.0
// The typed reads of a Section: text, numbers, quantities, paths.
#include <algorithm>
#include <sstream>

#include "base/nearest.hpp"
#include "base/quantity.hpp"
#include "formats/internal/yaml_tree.hpp"
#include "section.hpp"

namespace tinyhil {
namespace {

std::string is_not(std::string_view key, const std::string& text, const std::string& expected) {
  return '`' + std::string(key) + "` is `" + text + "`, which is not " + expected;
}

std::string shortest(double value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

// A kind of value: what understands its text, what it is called and how it is written.
template <class T>
struct Notation {
  std::optional<T> (*parse)(std::string_view);
  std::string expected;
  std::string remedy;
};

template <class T>
Notation(std::optional<T> (*)(std::string_view), std::string, std::string) -> Notation<T>;

// The value, or a complaint that shows what is there, what is wanted and how that is written.
template <class T>
T wanted(const Section& section, std::string_view key, const Notation<T>& notation) {
  const std::string text = section.text(key);
  const auto value = notation.parse(text);
  if (!value) section.fail_at(key, is_not(key, text, notation.expected), notation.remedy);
  return *value;
}

}  // namespace

std::string Section::text(std::string_view key) const {
  const std::string& value = scalar(need(key), key);
  if (value.empty()) fail_at(key, '`' + std::string(key) + "` is empty", "write a value between the quotes");
  return value;
}

std::string Section::text(std::string_view key, std::string_view fallback) const {
  return has(key) ? text(key) : std::string(fallback);
}

std::string Section::choice(std::string_view key, const std::vector<std::string>& allowed) const {
  std::string value = text(key);
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    fail_at(key, is_not(key, value, "one of the values it can have"), suggestion(value, allowed));
  return value;
}

std::string Section::choice(std::string_view key, const std::vector<std::string>& allowed,
                            std::string_view fallback) const {
  return has(key) ? choice(key, allowed) : std::string(fallback);
}

std::int64_t Section::integer(std::string_view key, std::int64_t low, std::int64_t high) const {
  const std::string range = std::to_string(low) + " to " + std::to_string(high);
  const std::string remedy = "write a whole number from " + range;
  const auto value = wanted(*this, key, Notation{parse_integer, "a whole number", remedy});
  if (value < low || value > high)
    fail_at(key, is_not(key, std::to_string(value), "within " + range), remedy);
  return value;
}

std::int64_t Section::integer(std::string_view key, std::int64_t low, std::int64_t high,
                              std::int64_t fallback) const {
  return has(key) ? integer(key, low, high) : fallback;
}

bool Section::boolean(std::string_view key, bool fallback) const {
  return has(key) ? choice(key, {"true", "false"}) == "true" : fallback;
}

double Section::ratio(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_ratio, "a share in percent", "write a number and its unit, such as `2 %`"});
}

std::optional<double> Section::optional_ratio(std::string_view key) const {
  return has(key) ? std::optional(ratio(key)) : std::nullopt;
}

std::chrono::nanoseconds Section::duration(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_duration, "a duration",
                         "write a number and its unit (ns, us, ms, s, min, h, d), such as `20 ms`"});
}

std::optional<std::chrono::nanoseconds> Section::optional_duration(std::string_view key) const {
  return has(key) ? std::optional(duration(key)) : std::nullopt;
}

std::uint64_t Section::byte_count(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_byte_count, "a number of bytes",
                         "write a number and its unit (B, kB, MB, GB, KiB, MiB, GiB), such as `13 KiB`"});
}

std::optional<std::uint64_t> Section::optional_byte_count(std::string_view key) const {
  return has(key) ? std::optional(byte_count(key)) : std::nullopt;
}

double Section::years(std::string_view key) const {
  return wanted(
      *this, key,
      Notation{parse_years, "a number of years", "write a number and its unit (y, d), such as `10 y`"});
}

double Section::charge_mah(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_charge_mah, "an electric charge",
                         "write a number and its unit (mAh, Ah), such as `2040 mAh`"});
}

double Section::current_ua(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_current_ua, "an electric current",
                         "write a number and its unit (nA, uA, mA, A), such as `4 uA`"});
}

double Section::charge_uc(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_charge_uc, "an electric charge",
                         "write a number and its unit (nC, uC, mC, C), such as `30 uC`"});
}

double Section::energy_uj(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_energy_uj, "an energy",
                         "write a number and its unit (nJ, uJ, mJ, J), such as `400 uJ`"});
}

double Section::temperature_c(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_temperature_c, "a temperature", "write degrees Celsius, such as `-10 C`"});
}

double Section::voltage_v(std::string_view key) const {
  return wanted(*this, key,
                Notation{parse_voltage_v, "an electric voltage",
                         "write a number and its unit (V, mV), such as `3.3 V`"});
}

double Section::number(std::string_view key, double low, double high) const {
  const std::string range = shortest(low) + " to " + shortest(high);
  const std::string remedy = "write a number without unit from " + range;
  const double value = wanted(*this, key, Notation{parse_number, "a number without unit", remedy});
  if (value < low || value > high) fail_at(key, is_not(key, text(key), "within " + range), remedy);
  return value;
}

std::filesystem::path Section::path(std::string_view key) const {
  return (folder() / text(key)).lexically_normal();
}

std::optional<std::filesystem::path> Section::optional_path(std::string_view key) const {
  return has(key) ? std::optional(path(key)) : std::nullopt;
}

}  // namespace tinyhil
