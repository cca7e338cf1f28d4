// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "base/quantity.hpp"
#include "waiver.hpp"

namespace tinyhil::gate {
namespace {

constexpr const char* kExcessForm = "write a number and its unit, such as `1 %`, `2 ms`, `512 B` or `3 LSB`";

// "<number> <word>", with the word of any other unit.
std::optional<Excess> in_own_unit(const std::string& text) {
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || space + 1 == text.size()) return std::nullopt;
  const auto amount = parse_number(std::string_view(text).substr(0, space));
  const std::optional<Unit> unit = unit_of(text.substr(space + 1));
  if (!amount || *amount < 0 || !unit) return std::nullopt;
  return Excess{*amount, *unit};
}

std::optional<Excess> parse_excess(const std::string& text) {
  if (const auto ratio = parse_ratio(text)) return Excess{*ratio, Unit::ratio};
  if (const auto time = parse_duration(text)) {
    return Excess{std::chrono::duration<double, std::milli>(*time).count(), Unit::milliseconds};
  }
  if (const auto bytes = parse_byte_count(text)) return Excess{static_cast<double>(*bytes), Unit::bytes};
  return in_own_unit(text);
}

std::vector<Excess> read_max_excess(const Section& section) {
  std::vector<Excess> bounds;
  for (const std::string& text : section.texts("max_excess")) {
    const auto bound = parse_excess(text);
    if (!bound) section.fail_at("max_excess", "`" + text + "` is no amount", kExcessForm);
    const auto same = [&](const Excess& other) { return other.unit == bound->unit; };
    if (std::ranges::any_of(bounds, same)) {
      section.fail_at("max_excess", "two amounts have the same unit", "keep one of them");
    }
    bounds.push_back(*bound);
  }
  if (bounds.empty()) section.fail("a waiver without bound: `max_excess` is missing", kExcessForm);
  return bounds;
}

std::chrono::sys_days read_day(const Section& section, std::string_view key) {
  const std::string text = section.text(key);
  const auto day = parse_day(text);
  if (!day)
    section.fail_at(key, "`" + text + "` is no day", "write it as 2027-03-31; it is the last valid day");
  return *day;
}

// "J. Doe" and " j. doe" are one person.
std::string plain(const std::string& name) {
  std::string letters;
  for (const unsigned char c : name) {
    if (!std::isspace(c)) letters += static_cast<char>(std::tolower(c));
  }
  return letters;
}

std::optional<std::string> optional_text(const Section& section, std::string_view key) {
  return section.has(key) ? std::optional(section.text(key)) : std::nullopt;
}

void read_scope(const Section& section, Waiver& waiver) {
  if (!section.has("scope")) return;
  const Section scope = section.section("scope");
  waiver.board = optional_text(scope, "board");
  waiver.board_kind = optional_text(scope, "board_kind");
  waiver.candidate = optional_text(scope, "candidate");
  scope.finish();
}

}  // namespace

Waiver read_waiver(const Section& section) {
  Waiver waiver;
  waiver.rule = section.text("rule");
  read_scope(section, waiver);
  waiver.reason = section.text("reason");
  waiver.owner = section.text("owner");
  waiver.approved_by = section.text("approved_by");
  waiver.expires = read_day(section, "expires");
  waiver.max_excess = read_max_excess(section);
  section.finish();
  if (plain(waiver.approved_by) == plain(waiver.owner)) {
    section.fail_at("approved_by", "the owner of a waiver cannot approve it", "name somebody else");
  }
  return waiver;
}

}  // namespace tinyhil::gate
