// SPDX-License-Identifier: Apache-2.0
#include "deciding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ordered.hpp"

namespace tinyhil::report {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

// Infinite where there is nothing to measure against.
double room_of(const Check& check) {
  const std::optional<double> bound = deciding_bound(check);
  if (!bound || !check.limit || !std::isfinite(*check.limit)) return kUnlimited;
  return room(check, *bound);
}

// Room in units of the limit, so that bytes and milliseconds compare. A limit of zero has no size: whoever
// keeps it does so by all or nothing, and is passed over.
double relative_room(const Check& check) {
  const double size = std::abs(check.limit.value_or(0));
  return size > 0 ? room_of(check) / size : kUnlimited;
}

const Check* least_room(const Finding& finding) {
  const auto nearest =
      std::min_element(finding.checks.begin(), finding.checks.end(),
                       [](const Check& a, const Check& b) { return relative_room(a) < relative_room(b); });
  return nearest == finding.checks.end() ? nullptr : &*nearest;
}

Deciding nearest_to_its_limit(const Verdict& verdict) {
  Deciding nearest;
  for (const Finding& finding : verdict.findings) {
    const Check* check = least_room(finding);
    if (finding.severity == Severity::minor || check == nullptr) continue;
    if (nearest.check == nullptr || relative_room(*check) < relative_room(*nearest.check))
      nearest = {&finding, check};
  }
  return nearest;
}

}  // namespace

const Check* leading_check(const Finding& finding) {
  return finding.outcome == Outcome::pass ? least_room(finding) : deciding_check(finding);
}

Deciding deciding(const Verdict& verdict) {
  if (verdict.outcome == Outcome::pass) return nearest_to_its_limit(verdict);
  for (const Finding& finding : verdict.findings)
    if (finding.severity != Severity::minor && finding.outcome == verdict.outcome)
      return {&finding, leading_check(finding)};
  return {};
}

std::vector<const Check*> worst_first(const Finding& finding) {
  std::vector<const Check*> checks = most_urgent_first(finding.checks);
  std::stable_sort(checks.begin(), checks.end(), [](const Check* a, const Check* b) {
    return urgency(a->outcome) == urgency(b->outcome) ? room_of(*a) < room_of(*b)
                                                      : urgency(a->outcome) > urgency(b->outcome);
  });
  return checks;
}

}  // namespace tinyhil::report
