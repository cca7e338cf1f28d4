// SPDX-License-Identifier: Apache-2.0
// gate.yaml -> Policy.
#include <algorithm>
#include <string_view>

#include "base/file_content.hpp"
#include "base/nearest.hpp"
#include "gate.hpp"
#include "gate/internal/registry.hpp"

namespace tinyhil::gate {
namespace {

constexpr std::size_t kPolicySizeMax = 1u << 20;
constexpr double kDefaultAlpha = 0.05;
constexpr double kLeastAlpha = 1e-6;

double read_alpha(const Section& policy) {
  const double alpha = policy.optional_ratio("alpha").value_or(kDefaultAlpha);
  if (!(alpha > 0 && alpha <= 0.25)) {
    policy.fail_at("alpha", "the error level must lie above 0 % and not above 25 %", "write for example 5 %");
  }
  if (alpha < kLeastAlpha) {
    policy.fail_at("alpha", "no number of vectors shows anything at so small an error level",
                   "write 0.0001 % or more, for example 5 %");
  }
  return alpha;
}

sampling::Sampling read_sampling_of(const Section& policy) {
  return policy.has("sampling") ? sampling::read_sampling(policy.section("sampling"))
                                : sampling::Sampling::all_at_once();
}

Severity read_severity(const Section& section) {
  const std::string word = section.choice("severity", {"critical", "major", "minor"}, "critical");
  return word == "critical" ? Severity::critical : word == "major" ? Severity::major : Severity::minor;
}

PolicyRule read_rule(const Section& section) {
  PolicyRule rule;
  rule.id = section.text("id");
  rule.test = section.choice("test", rule_names());
  rule.severity = read_severity(section);
  rule.rule = make_rule(rule.test, section);
  rule.waivable = section.boolean("waivable", rule.rule->waivable());
  rule.keys = section.entries();
  section.finish();
  return rule;
}

void add_rule(Policy& policy, const Section& section) {
  PolicyRule rule = read_rule(section);
  const auto same_id = [&](const PolicyRule& other) { return other.id == rule.id; };
  if (std::ranges::any_of(policy.rules, same_id)) {
    section.fail_at("id", "there are two rules `" + rule.id + "`", "give each rule an id of its own");
  }
  policy.rules.push_back(std::move(rule));
}

void add_waiver(Policy& policy, const Section& section) {
  Waiver waiver = read_waiver(section);
  const auto rule = std::ranges::find(policy.rules, waiver.rule, &PolicyRule::id);
  if (rule == policy.rules.end()) {
    std::vector<std::string> ids;
    for (const PolicyRule& known : policy.rules) ids.push_back(known.id);
    section.fail_at("rule", "the policy has no rule `" + waiver.rule + "`", suggestion(waiver.rule, ids));
  }
  if (!rule->waivable) {
    section.fail_at("rule", "rule `" + waiver.rule + "` cannot be waived",
                    "remove the waiver, or write `waivable: true` at the rule if that is what you want");
  }
  policy.waivers.push_back(std::move(waiver));
}

// A policy that can only warn, or that asks nothing, would let everything pass.
void check_that_it_can_block(const Policy& policy, const Section& section) {
  const auto blocks = [](const PolicyRule& rule) { return rule.severity != Severity::minor; };
  if (std::ranges::none_of(policy.rules, blocks)) {
    section.fail_at("rules", "no rule could stop a release",
                    "add a rule whose severity is critical or major");
  }
}

}  // namespace

Policy load_policy(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> content = read_file(file, kPolicySizeMax, "policy");
  const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  const Section section = Section::parse(text, file.string());
  Policy policy;
  policy.file = file;
  policy.digest = sha256(content);
  policy.name = section.text("policy");
  policy.alpha = read_alpha(section);
  policy.shared_alpha = section.choice("candidates", {"each", "together"}, "each") == "together";
  policy.keys = section.entries();
  policy.sampling = read_sampling_of(section);
  if (section.has("checks")) policy.checks = SenseLevels(section.section("checks"));
  for (const Section& rule : section.sections("rules")) add_rule(policy, rule);
  if (section.has("waivers")) {
    for (const Section& waiver : section.sections("waivers")) add_waiver(policy, waiver);
  }
  section.finish();
  check_that_it_can_block(policy, section);
  return policy;
}

void share_alpha(Policy& policy, std::size_t candidates) {
  if (policy.shared_alpha && candidates > 1) policy.alpha /= static_cast<double>(candidates);
}

}  // namespace tinyhil::gate
