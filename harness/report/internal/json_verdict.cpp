// SPDX-License-Identifier: Apache-2.0
#include "json_of.hpp"
#include "model/exit_code.hpp"
#include "model/reading.hpp"

namespace tinyhil::report {
namespace {

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json json_of(const std::optional<Allowed>& allowed) {
  if (!allowed) return nullptr;
  return *allowed == Allowed::at_most ? "at most" : "at least";
}

}  // namespace

Json json_of(const Interval& interval) { return {{"low", interval.low}, {"high", interval.high}}; }

Json json_of(const Check& check) {
  return {{"subject", check.subject},
          {"outcome", to_string(check.outcome)},
          {"n", check.n},
          {"unit", to_string(check.unit)},
          {"estimate", json_of(check.estimate)},
          {"interval", check.interval ? json_of(*check.interval) : Json(nullptr)},
          {"confidence", check.confidence},
          {"limit", json_of(check.limit)},
          {"allowed", json_of(check.limit ? std::optional(allowed_side(check)) : std::nullopt)},
          {"more_vectors", check.more_vectors ? Json(*check.more_vectors) : Json(nullptr)},
          {"more_seconds", json_of(check.more_seconds)},
          {"more_groups", check.more_groups ? Json(*check.more_groups) : Json(nullptr)},
          {"reason", check.reason},
          {"would_change", check.would_change}};
}

Json json_of(const WaiverUse& use) {
  return {{"applied", use.applied},         {"reason", use.reason},   {"owner", use.owner},
          {"approved_by", use.approved_by}, {"expires", use.expires}, {"expires_soon", use.expires_soon},
          {"refusal", use.refusal}};
}

Json json_of(const Finding& finding) {
  return {{"rule", finding.rule},
          {"kind", finding.kind},
          {"method", finding.method},
          {"severity", to_string(finding.severity)},
          {"outcome", to_string(finding.outcome)},
          {"reason", finding.reason},
          {"checks", json_list_of(finding.checks)},
          {"waivers", json_list_of(finding.waivers)}};
}

Json json_of(const Verdict& verdict) {
  return {{"candidate", verdict.candidate},
          {"baseline", verdict.baseline},
          {"policy", verdict.policy},
          {"alpha", verdict.alpha},
          {"outcome", to_string(verdict.outcome)},
          {"exit_code", static_cast<int>(exit_code(verdict))},
          {"reason", verdict.reason},
          {"findings", json_list_of(verdict.findings)},
          {"judged_at", verdict.judged_at},
          {"control", verdict.control}};
}

}  // namespace tinyhil::report
