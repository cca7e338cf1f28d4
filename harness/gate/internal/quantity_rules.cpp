// SPDX-License-Identifier: Apache-2.0
#include "quantity_rules.hpp"

#include <fmt/format.h>

#include "base/quantity.hpp"

namespace tinyhil::gate {
namespace {

std::optional<double> parse_billionths(std::string_view text, Unit unit) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::optional<double> number = parse_number(text.substr(0, space));
  const std::optional<Unit> written = unit_of(text.substr(space + 1));
  if (!number || *number < 0 || !written || base_of(*written).name != base_of(unit).name) return std::nullopt;
  return *number * base_of(*written).factor * 1e9;
}

}  // namespace

std::optional<double> read_limit_in(Unit unit, const Section& section) {
  if (!section.has("limit")) return std::nullopt;
  const std::string text = section.text("limit");
  const std::optional<double> limit = parse_billionths(text, unit);
  if (!limit) {
    section.fail_at("limit", "`" + text + "` is no amount in " + std::string(to_string(unit)),
                    fmt::format("write a number and its unit, such as `20 {}`", to_string(unit)));
  }
  return limit;
}

}  // namespace tinyhil::gate
