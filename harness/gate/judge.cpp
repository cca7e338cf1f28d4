// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "comparable.hpp"
#include "gate.hpp"

namespace tinyhil {
namespace {

Finding finding_of(const PolicyRule& rule, const Evidence& evidence,
                   const std::optional<Obstacle>& obstacle) {
  Finding finding;
  if (obstacle) {
    finding.method = "not applied";
    finding.outcome = obstacle->outcome;
    finding.reason = obstacle->reason;
  } else {
    finding = rule.rule->judge(evidence);
  }
  finding.rule = rule.id;
  finding.kind = rule.test;
  finding.severity = rule.severity;
  return finding;
}

std::string reason_of(const Verdict& verdict) {
  const Finding* decides = nullptr;
  std::size_t alike = 0;
  for (const Finding& finding : verdict.findings) {
    if (finding.severity == Severity::minor || finding.outcome != verdict.outcome) continue;
    if (decides == nullptr) decides = &finding;
    ++alike;
  }
  if (decides == nullptr) return "the policy has no rule that decides";
  const std::string others = alike > 1 ? fmt::format(" (and {} more rules)", alike - 1) : "";
  return decides->rule + ": " + decides->reason + others;
}

std::string reason_of_pass(const Verdict& verdict) {
  std::size_t passed = 0;
  std::string warnings;
  for (const Finding& finding : verdict.findings) {
    if (finding.outcome == Outcome::pass) {
      ++passed;
    } else {
      warnings += "; warning: " + finding.rule + ": " + finding.reason;
    }
  }
  return fmt::format("{} of {} rules pass{}", passed, verdict.findings.size(), warnings);
}

}  // namespace

Verdict judge(const Policy& policy, const Scorecard& candidate, const Scorecard& baseline,
              const Comparison& comparison, const VectorSet& vectors) {
  const Evidence evidence{candidate, baseline, vectors, comparison, policy.alpha};
  const std::optional<Obstacle> found = obstacle(candidate, baseline, vectors);
  Verdict verdict;
  verdict.candidate = candidate.info.model;
  verdict.baseline = baseline.info.model;
  verdict.policy = policy.name;
  for (const PolicyRule& rule : policy.rules) verdict.findings.push_back(finding_of(rule, evidence, found));
  verdict.outcome = worst(verdict.findings);
  if (verdict.outcome == Outcome::pass) {
    verdict.reason = reason_of_pass(verdict);
  } else {
    verdict.reason = found ? found->reason : reason_of(verdict);
  }
  return verdict;
}

}  // namespace tinyhil
