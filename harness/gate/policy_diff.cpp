// SPDX-License-Identifier: Apache-2.0
#include "policy_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "gate/internal/finding.hpp"

namespace tinyhil::gate {
namespace {

using Changes = std::vector<PolicyChange>;

constexpr const char* kUnknown = " (which way this works is not known: taken for looser)";

Change by_number(double before, double after, Looser looser) {
  if (before == after) return Change::neutral;
  return (after > before) == (looser == Looser::higher) ? Change::loosened : Change::tightened;
}

bool lacks_any(const std::vector<std::string>& names, const std::vector<std::string>& of) {
  return std::ranges::any_of(
      of, [&](const std::string& name) { return std::ranges::find(names, name) == names.end(); });
}

Change by_names(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  if (lacks_any(after, before)) return Change::loosened;
  return lacks_any(before, after) ? Change::tightened : Change::neutral;
}

Change by_term(const Term& before, const Term& after) {
  if (before.looser == Looser::fewer_names) return by_names(before.names, after.names);
  return by_number(before.number, after.number, before.looser);
}

std::optional<std::string> text_of(const KeyTexts& keys, const std::string& key) {
  for (const auto& [name, text] : keys) {
    if (name == key) return text;
  }
  return std::nullopt;
}

std::vector<std::string> keys_of_both(const KeyTexts& before, const KeyTexts& after) {
  std::vector<std::string> keys;
  for (const KeyTexts* texts : {&before, &after}) {
    for (const auto& [key, text] : *texts) {
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

std::string arrow(const std::string& before, const std::string& after) { return before + " -> " + after; }

std::string key_words(const std::string& key, const KeyTexts& before, const KeyTexts& after) {
  return key + ": " +
         arrow(text_of(before, key).value_or("not given"), text_of(after, key).value_or("not given"));
}

std::optional<Term> term_of(const PolicyRule& rule, const std::string& key) {
  for (Term& term : rule.rule->terms()) {
    if (term.key == key) return std::move(term);
  }
  return std::nullopt;
}

bool is_common(const std::string& key) {
  return key == "id" || key == "test" || key == "severity" || key == "waivable";
}

void diff_key(const PolicyRule& before, const PolicyRule& after, const std::string& key, Changes& changes) {
  if (text_of(before.keys, key) == text_of(after.keys, key)) return;
  const std::string words = key_words(key, before.keys, after.keys);
  const auto old_term = term_of(before, key), new_term = term_of(after, key);
  if (!old_term || !new_term) {
    changes.push_back({Change::loosened, "rule " + after.id, words + kUnknown});
    return;
  }
  const Change change = by_term(*old_term, *new_term);
  if (change != Change::neutral) changes.push_back({change, "rule " + after.id, words});
}

// Severities come with the worst first.
void diff_common(const PolicyRule& before, const PolicyRule& after, Changes& changes) {
  const std::string where = "rule " + after.id;
  if (before.severity != after.severity) {
    changes.push_back({after.severity > before.severity ? Change::loosened : Change::tightened, where,
                       "severity: " + arrow(to_string(before.severity), to_string(after.severity))});
  }
  if (before.waivable != after.waivable) {
    changes.push_back({after.waivable ? Change::loosened : Change::tightened, where,
                       after.waivable ? "may be waived now" : "cannot be waived any more"});
  }
}

void diff_rule(const PolicyRule& before, const PolicyRule& after, Changes& changes) {
  if (before.test != after.test) {
    changes.push_back(
        {Change::loosened, "rule " + after.id, "test: " + arrow(before.test, after.test) + kUnknown});
  }
  diff_common(before, after, changes);
  if (before.test != after.test) return;
  for (const std::string& key : keys_of_both(before.keys, after.keys)) {
    if (!is_common(key)) diff_key(before, after, key, changes);
  }
}

const PolicyRule* find_rule(const Policy& policy, const std::string& id) {
  const auto found = std::ranges::find(policy.rules, id, &PolicyRule::id);
  return found == policy.rules.end() ? nullptr : &*found;
}

void diff_rules(const Policy& before, const Policy& after, Changes& changes) {
  for (const PolicyRule& rule : before.rules) {
    const PolicyRule* now = find_rule(after, rule.id);
    if (now != nullptr) diff_rule(rule, *now, changes);
    if (now == nullptr)
      changes.push_back({Change::loosened, "rule " + rule.id, "removed (" + rule.test + ")"});
  }
  for (const PolicyRule& rule : after.rules) {
    if (find_rule(before, rule.id) == nullptr)
      changes.push_back({Change::tightened, "rule " + rule.id, "added (" + rule.test + ")"});
  }
}

std::string scope_of(const Waiver& waiver) {
  std::string words = "waiver of " + waiver.rule;
  if (waiver.board) words += ", board " + *waiver.board;
  if (waiver.board_kind) words += ", boards of kind " + *waiver.board_kind;
  if (waiver.candidate) words += ", candidate " + *waiver.candidate;
  return words;
}

const Waiver* same_scope(const std::vector<Waiver>& waivers, const Waiver& waiver) {
  const auto found = std::ranges::find(waivers, scope_of(waiver), scope_of);
  return found == waivers.end() ? nullptr : &*found;
}

double excess_in(const Waiver& waiver, Unit unit) {
  for (const Excess& excess : waiver.max_excess) {
    if (excess.unit == unit) return excess.amount;
  }
  return -1;  // less than any: nothing in this unit is covered
}

void diff_excess(const Waiver& before, const Waiver& after, Changes& changes) {
  std::vector<Unit> units;
  for (const Waiver* waiver : {&before, &after}) {
    for (const Excess& excess : waiver->max_excess) {
      if (std::ranges::find(units, excess.unit) == units.end()) units.push_back(excess.unit);
    }
  }
  for (const Unit unit : units) {
    const double old_amount = excess_in(before, unit), new_amount = excess_in(after, unit);
    const Change change = by_number(old_amount, new_amount, Looser::higher);
    const char* word = change == Change::loosened ? "raised" : "lowered";
    if (change != Change::neutral)
      changes.push_back({change, scope_of(after), fmt::format("max_excess {} ({})", word, to_string(unit))});
  }
}

void diff_waiver(const Waiver& before, const Waiver& after, Changes& changes) {
  if (before.expires != after.expires) {
    changes.push_back({after.expires > before.expires ? Change::loosened : Change::tightened, scope_of(after),
                       "expires: " + arrow(to_text(before.expires), to_text(after.expires))});
  }
  diff_excess(before, after, changes);
  const auto words = [](const Waiver& waiver) {
    return waiver.reason + " (owner " + waiver.owner + ", approved by " + waiver.approved_by + ")";
  };
  if (words(before) != words(after))
    changes.push_back({Change::loosened, scope_of(after), arrow(words(before), words(after)) + kUnknown});
}

void diff_waivers(const Policy& before, const Policy& after, Changes& changes) {
  for (const Waiver& waiver : before.waivers) {
    if (same_scope(after.waivers, waiver) == nullptr)
      changes.push_back({Change::tightened, scope_of(waiver), "removed"});
  }
  for (const Waiver& waiver : after.waivers) {
    const Waiver* old = same_scope(before.waivers, waiver);
    if (old != nullptr) diff_waiver(*old, waiver, changes);
    if (old == nullptr)
      changes.push_back({Change::loosened, scope_of(waiver), "added, until " + to_text(waiver.expires)});
  }
}

void diff_top(const Policy& before, const Policy& after, Changes& changes) {
  if (before.name != after.name)
    changes.push_back({Change::neutral, "policy", "renamed: " + arrow(before.name, after.name)});
  if (before.alpha != after.alpha) {
    changes.push_back({by_number(before.alpha, after.alpha, Looser::higher), "alpha",
                       arrow(percent(before.alpha), percent(after.alpha))});
  }
  if (before.shared_alpha != after.shared_alpha) {
    const auto word = [](const Policy& policy) { return policy.shared_alpha ? "together" : "each"; };
    changes.push_back({before.shared_alpha ? Change::loosened : Change::tightened, "candidates",
                       arrow(word(before), word(after))});
  }
  for (const std::string& key : keys_of_both(before.keys, after.keys)) {
    if (key == "policy" || key == "alpha" || key == "candidates" || key == "rules" || key == "waivers" ||
        key == "checks")
      continue;
    if (text_of(before.keys, key) != text_of(after.keys, key))
      changes.push_back({Change::loosened, key, key_words(key, before.keys, after.keys) + kUnknown});
  }
}

void diff_checks(const Policy& before, const Policy& after, Changes& changes) {
  for (const SenseCheck& check : kSenseChecks) {
    const SenseLevel old = before.checks.of(check.name), now = after.checks.of(check.name);
    if (old == now) continue;
    changes.push_back({now < old ? Change::loosened : Change::tightened, "checks",
                       check.name + (": " + arrow(to_string(old), to_string(now)))});
  }
}

}  // namespace

const char* to_string(Change change) {
  switch (change) {
    case Change::loosened:
      return "loosened";
    case Change::tightened:
      return "tightened";
    case Change::neutral:
      return "neutral";
  }
  return "unknown";
}

std::vector<PolicyChange> policy_diff(const Policy& before, const Policy& after) {
  Changes changes;
  diff_top(before, after, changes);
  diff_checks(before, after, changes);
  diff_rules(before, after, changes);
  diff_waivers(before, after, changes);
  std::ranges::stable_sort(changes, {}, &PolicyChange::change);
  return changes;
}

}  // namespace tinyhil::gate
