// SPDX-License-Identifier: Apache-2.0
#include "calendar.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace tinyhil {
namespace {

using std::chrono::sys_days;

constexpr std::string_view kDayForm = "dddd-dd-dd";
constexpr std::string_view kMomentForm = "dddd-dd-ddTdd:dd:ddZ";

bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == 'd' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t begin, std::size_t length) {
  int number = 0;
  std::from_chars(text.data() + begin, text.data() + begin + length, number);
  return number;
}

}  // namespace

std::string to_text(sys_days day) {
  const std::chrono::year_month_day date(day);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string to_text(Moment moment) {
  const sys_days day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::hh_mm_ss time(moment - day);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02dZ", static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return to_text(day) + text.data();
}

std::optional<sys_days> parse_day(std::string_view text) {
  if (!has_form(text, kDayForm)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(number_at(text, 0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2)))};
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

std::optional<Moment> parse_moment(std::string_view text) {
  if (!has_form(text, kMomentForm)) return std::nullopt;
  const auto day = parse_day(text.substr(0, kDayForm.size()));
  const int hours = number_at(text, 11, 2), minutes = number_at(text, 14, 2),
            seconds = number_at(text, 17, 2);
  if (!day || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  return *day + std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

}  // namespace tinyhil
