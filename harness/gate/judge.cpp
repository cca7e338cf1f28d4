// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "boards.hpp"
#include "finding.hpp"
#include "gate.hpp"
#include "sample.hpp"
#include "would_change.hpp"

namespace tinyhil {
namespace {

// Nothing was measured, but what would change the outcome is said all the same.
Check check_of(const Obstacle& obstacle) {
  Check check;
  check.subject = "trials";
  check.outcome = obstacle.outcome;
  check.reason = obstacle.reason;
  return check;
}

Finding finding_of(const PolicyRule& rule, const Evidence& evidence,
                   const std::optional<Obstacle>& obstacle) {
  Finding finding;
  if (!obstacle && is_biased(evidence) && rule.rule->needs_random_sample()) {
    finding = conclude("not applied", {waiting_for_all("vectors", evidence)});
  } else if (obstacle) {
    finding.method = "not applied";
    finding.outcome = obstacle->outcome;
    finding.reason = obstacle->reason;
    finding.checks = {check_of(*obstacle)};
  } else {
    finding = rule.rule->judge(evidence);
  }
  finding.rule = rule.id;
  finding.kind = rule.test;
  finding.severity = rule.severity;
  price_more_vectors(finding, evidence.candidate, evidence.baseline);
  say_what_would_change(finding);
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

Verdict judge(const Policy& policy, const Facts& facts, Moment now) {
  const Evidence evidence{facts, alpha_of_look(facts.sample, policy.alpha, facts.vectors.count),
                          policy.alpha};
  const std::optional<Obstacle> found = board_obstacle(facts);
  Verdict verdict;
  verdict.candidate = facts.candidate.info.model;
  verdict.baseline = facts.baseline.info.model;
  verdict.policy = policy.name;
  verdict.judged_at = to_text(now);
  verdict.control = board_words(facts);
  for (const PolicyRule& rule : policy.rules) {
    Finding& finding = verdict.findings.emplace_back(finding_of(rule, evidence, found));
    if (rule.waivable) apply_waivers(policy.waivers, facts.candidate.info, now, finding);
  }
  verdict.outcome = worst(verdict.findings);
  if (verdict.outcome == Outcome::pass) {
    verdict.reason = reason_of_pass(verdict);
  } else {
    verdict.reason = found ? found->reason : reason_of(verdict);
  }
  return verdict;
}

}  // namespace tinyhil
