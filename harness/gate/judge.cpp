// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "gate.hpp"
#include "gate/internal/boards.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/sample.hpp"
#include "gate/internal/sense.hpp"
#include "gate/internal/would_change.hpp"

namespace tinyhil::gate {
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
  finding.traits = rule.rule->traits();
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

// Of a rule of paired accuracy, the value whose bound is nearest to the margin: what a pass rests on.
std::string rests_on(const Finding& finding, double alpha) {
  const Check* nearest = nullptr;
  for (const Check& check : finding.checks) {
    if (!check.interval || !check.limit) continue;
    if (nearest == nullptr || check.interval->low < nearest->interval->low) nearest = &check;
  }
  if (nearest == nullptr) return "";
  const double margin = -*nearest->limit;
  return fmt::format("; {}: {}{} points at worst, margin {:.4g} (n = {}, alpha {})", finding.rule,
                     nearest->slices.empty() ? "" : nearest->subject + " ",
                     points(nearest->interval->low, margin), 100 * margin, nearest->n, percent(alpha));
}

std::string reason_of_pass(const Verdict& verdict) {
  std::size_t passed = 0, rules = 0;
  std::string warnings, bounds;
  for (const Finding& finding : verdict.findings) {
    if (finding.kind != kSenseKind) ++rules;
    if (finding.outcome == Outcome::pass) {
      ++passed;
      if (finding.traits.is_paired_accuracy) bounds += rests_on(finding, verdict.alpha);
    } else {
      warnings += "; warning: " + finding.rule + ": " + finding.reason;
    }
  }
  return fmt::format("{} of {} rules pass{}{}", passed, rules, bounds, warnings);
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
  verdict.alpha = policy.alpha;
  verdict.judged_at = to_text(now);
  verdict.control = board_words(facts);
  const std::vector<Finding> sense = found ? std::vector<Finding>() : sense_findings(policy, evidence);
  const auto is_error = [](const Finding& finding) { return finding.outcome == Outcome::error; };
  std::ranges::copy_if(sense, std::back_inserter(verdict.findings), is_error);  // they are the reason
  for (const PolicyRule& rule : policy.rules) {
    if (!facts.recordings && rule.rule->needs_recordings()) continue;
    Finding& finding = verdict.findings.emplace_back(finding_of(rule, evidence, found));
    if (rule.waivable) apply_waivers(policy.waivers, facts.candidate.info, now, finding);
  }
  std::ranges::copy_if(sense, std::back_inserter(verdict.findings), std::not_fn(is_error));
  verdict.outcome = worst(verdict.findings);
  if (verdict.outcome == Outcome::pass) {
    verdict.reason = reason_of_pass(verdict);
  } else {
    verdict.reason = found ? found->reason : reason_of(verdict);
  }
  return verdict;
}

}  // namespace tinyhil::gate
