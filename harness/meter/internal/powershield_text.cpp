// SPDX-License-Identifier: Apache-2.0
#include "powershield_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/visible.hpp"
#include "meter/internal/powershield_dialect.hpp"

namespace tinyhil::meter {

namespace {

using Kind = PowershieldNotice::Kind;

constexpr std::size_t kMantissaDigits = 9;
constexpr std::array<std::string_view, 2> kPrompts{"PowerShield >", "STLINK-V3PWR >"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

PowershieldNotice saying(Kind kind, std::string_view text) {
  PowershieldNotice notice{kind};
  notice.text = visible_line(trimmed(text));
  return notice;
}

std::string_view without_prompts(std::string_view line) {
  line = trimmed(line);
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view prompt : kPrompts) {
      if (!line.starts_with(prompt)) continue;
      line = trimmed(line.substr(prompt.size()));
      found = true;
    }
  }
  return line;
}

// A number of at most nine digits, then `end`; takes both off the text.
std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view end) {
  std::uint32_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto size = static_cast<std::size_t>(rest - text.data());
  if (error != std::errc() || size > kMantissaDigits || !text.substr(size).starts_with(end))
    return std::nullopt;
  text.remove_prefix(size + end.size());
  text = trimmed(text);
  return number;
}

// "003s 000ms, buff 05%", after the word.
std::optional<PowershieldNotice> read_timestamp(std::string_view text) {
  text = trimmed(text);
  const auto seconds = take_number(text, "s");
  const auto thousandths = take_number(text, "ms,");
  if (!seconds || *seconds > 4'000'000 || !thousandths || *thousandths > 999) return std::nullopt;
  if (!text.starts_with("buff")) return std::nullopt;
  text = trimmed(text.substr(4));
  const auto fill = take_number(text, "%");
  if (!fill || *fill > 100 || !text.empty()) return std::nullopt;
  PowershieldNotice notice{Kind::timestamp};
  notice.time_ms = *seconds * 1000 + *thousandths;
  notice.fill_percent = static_cast<std::uint8_t>(*fill);
  return notice;
}

// "event 00 ris": the meter writes `ris` whichever edge it was told to watch for.
bool is_event(std::string_view line) {
  if (!line.starts_with("event ")) return false;
  line.remove_prefix(6);
  return take_number(line, " ") && (line == "ris" || line == "fal");
}

PowershieldNotice corrupted_line(std::string_view line) {
  PowershieldNotice notice = saying(Kind::corrupted, line);
  notice.skipped = line.size();
  return notice;
}

std::optional<PowershieldNotice> read_reply(std::string_view line) {
  if (line.starts_with("ack ")) return saying(Kind::acknowledged, line.substr(4));
  if (line.starts_with("err ")) return saying(Kind::refused, line.substr(4));
  const std::string lower = lower_case(line);
  if (lower.starts_with("error detail:")) return saying(Kind::error_detail, line.substr(13));
  if (lower.starts_with("error:")) return powershield_error(line.substr(6));
  if (!lower.starts_with("error ")) return std::nullopt;
  const PowershieldNotice told = powershield_error(line.substr(6));
  return told.kind == Kind::error ? saying(Kind::refused, line.substr(6)) : told;
}

}  // namespace

std::optional<float> powershield_sample(std::string_view line) {
  const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(line, is_digit) - line.begin());
  if (digits == 0 || digits > kMantissaDigits || line.size() != digits + 3) return std::nullopt;
  const char sign = line[digits];
  if ((sign != '-' && sign != '+') || !is_digit(line[digits + 1]) || !is_digit(line[digits + 2]))
    return std::nullopt;
  std::uint32_t mantissa = 0;
  std::from_chars(line.data(), line.data() + digits, mantissa);
  const int exponent = (line[digits + 1] - '0') * 10 + (line[digits + 2] - '0');
  const double power = std::pow(10.0, exponent);  // exact up to 10^22
  const double amperes = sign == '-' ? mantissa / power : mantissa * power;
  return amperes <= kPowershieldMostA ? std::optional(static_cast<float>(amperes)) : std::nullopt;
}

PowershieldNotice powershield_error(std::string_view text) {
  const std::string lower = lower_case(text);
  const auto has = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  if (has("overflow")) return saying(Kind::overflow, text);
  if (has("overcurrent") || has("over-current") || has("over current"))
    return saying(Kind::overcurrent, text);
  return saying(Kind::error, text);
}

std::optional<PowershieldNotice> powershield_line(std::string_view line) {
  line = without_prompts(line);
  if (line.empty()) return std::nullopt;
  if (is_digit(line.front()) && line.find_first_not_of("0123456789+-") == std::string_view::npos) {
    return corrupted_line(line);  // samples that ran together, or lost a part
  }
  if (line.size() >= 10 && lower_case(line.substr(0, 10)) == "timestamp:") {
    const auto timestamp = read_timestamp(line.substr(10));
    return timestamp ? timestamp : corrupted_line(line);
  }
  if (is_event(line)) return PowershieldNotice{Kind::trigger};
  if (auto reply = read_reply(line)) return reply;
  const std::string lower = lower_case(line);
  if (lower == "end" || lower.starts_with("acquisition completed")) return PowershieldNotice{Kind::completed};
  if (lower.starts_with("overcurrent")) return saying(Kind::overcurrent, line);
  if (lower.starts_with("target power down")) return saying(Kind::power_down, line);
  return saying(Kind::line, line);
}

}  // namespace tinyhil::meter
