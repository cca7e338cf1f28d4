// SPDX-License-Identifier: Apache-2.0
#include "reading.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tinyhil {
namespace {

bool is_number(const std::optional<double>& value) { return value && std::isfinite(*value); }

Allowed opposite(Allowed side) { return side == Allowed::at_most ? Allowed::at_least : Allowed::at_most; }

// A pass or fail was decided by the whole interval, so its estimate lies on that side too.
std::optional<Allowed> side_shown_by(const Check& check) {
  if (!is_number(check.estimate) || !is_number(check.limit) || *check.estimate == *check.limit)
    return std::nullopt;
  const Allowed side = *check.estimate > *check.limit ? Allowed::at_least : Allowed::at_most;
  if (check.outcome == Outcome::pass) return side;
  if (check.outcome == Outcome::fail || check.outcome == Outcome::waived) return opposite(side);
  return std::nullopt;
}

}  // namespace

Allowed allowed_side(const Check& check) {
  if (check.allowed) return *check.allowed;
  if (const std::optional<Allowed> shown = side_shown_by(check)) return *shown;
  return check.limit.value_or(0) < 0 ? Allowed::at_least : Allowed::at_most;
}

std::optional<double> deciding_bound(const Check& check) {
  std::optional<double> bound = check.estimate;
  if (check.interval)
    bound = allowed_side(check) == Allowed::at_least ? check.interval->low : check.interval->high;
  return is_number(bound) ? bound : std::nullopt;
}

double room(const Check& check, double value) {
  assert(check.limit);
  return allowed_side(check) == Allowed::at_least ? value - *check.limit : *check.limit - value;
}

bool is_difference(const Finding& finding) {
  const auto negative = [](const Check& check) { return check.unit == Unit::ratio && check.limit < 0.0; };
  return finding.traits.ratios_are_differences ||
         std::any_of(finding.checks.begin(), finding.checks.end(), negative);
}

const Check* deciding_check(const Finding& finding) {
  const auto decides = std::max_element(
      finding.checks.begin(), finding.checks.end(),
      [](const Check& a, const Check& b) { return urgency(a.outcome) < urgency(b.outcome); });
  return decides == finding.checks.end() ? nullptr : &*decides;
}

}  // namespace tinyhil
