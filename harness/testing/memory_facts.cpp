// SPDX-License-Identifier: Apache-2.0
#include "memory_facts.hpp"

#include <algorithm>
#include <utility>

namespace tinyhil::test {
namespace {

bool is_equal(const store::FactValue& a, const store::FactValue& b) {
  const store::FactBytes* bytes = std::get_if<store::FactBytes>(&a);
  const store::FactBytes* others = std::get_if<store::FactBytes>(&b);
  if (bytes && others) return std::ranges::equal(*bytes, *others);
  if (bytes || others || a.index() != b.index()) return false;
  if (const auto* text = std::get_if<std::string>(&a)) return *text == std::get<std::string>(b);
  if (const auto* real = std::get_if<double>(&a)) return *real == std::get<double>(b);
  if (const auto* integer = std::get_if<std::int64_t>(&a)) return *integer == std::get<std::int64_t>(b);
  return true;
}

}  // namespace

KeptFact::KeptFact(const store::Fact& told) : fact(told) {
  for (store::FactValue& value : fact.values) {
    const store::FactBytes* lent = std::get_if<store::FactBytes>(&value);
    if (lent) value = store::FactBytes(bytes.emplace_back(lent->begin(), lent->end()));
  }
}

std::int64_t MemoryFacts::keep(const store::Fact& fact) {
  Numbered& of_kind = facts[fact.kind->name];
  const std::int64_t number = of_kind.empty() ? 1 : of_kind.rbegin()->first + 1;
  KeptFact& kept = of_kind.emplace(number, KeptFact(fact)).first->second;
  kept.fact.number = number;
  return number;
}

void MemoryFacts::link(std::int64_t run, std::string_view kind, std::int64_t number) {
  std::vector<store::Link>& chain = links[run];
  const auto is_it = [&](const store::Link& link) { return link.kind == kind && link.number == number; };
  if (std::ranges::any_of(chain, is_it)) return;
  chain.push_back({std::string(kind), number, store::link_digest(head(run), facts[kind].at(number).fact)});
}

std::int64_t MemoryFacts::add_run(const store::Fact& run) {
  const std::int64_t number = keep(run);
  link(number, run.kind->name, number);
  return number;
}

std::int64_t MemoryFacts::add(std::int64_t run, const store::Fact& fact) {
  const std::int64_t number = keep(fact);
  link(run, fact.kind->name, number);
  return number;
}

std::int64_t MemoryFacts::add_identity(std::int64_t run, const store::Fact& identity) {
  for (const auto& [number, kept] : facts[identity.kind->name]) {
    if (!std::ranges::equal(kept.fact.values, identity.values, is_equal)) continue;
    link(run, identity.kind->name, number);
    return number;
  }
  return add(run, identity);
}

Digest MemoryFacts::head(std::int64_t run) const {
  const auto found = links.find(run);
  return found == links.end() || found->second.empty() ? Digest{} : found->second.back().digest;
}

std::vector<store::Link> MemoryRun::links(std::int64_t most) {
  const auto found = facts_.links.find(run_);
  if (found == facts_.links.end()) return {};
  const std::vector<store::Link>& chain = found->second;
  return {chain.begin(), chain.begin() + std::min<std::int64_t>(most, std::ssize(chain))};
}

std::vector<std::int64_t> MemoryRun::numbers(const store::FactKind& kind) {
  std::vector<std::int64_t> numbers;
  for (const auto& [number, kept] : all(kind.name)) {
    if (is_of_run(kept.fact)) numbers.push_back(number);
  }
  return numbers;
}

std::optional<store::Fact> MemoryRun::fact(const store::FactKind& kind, std::int64_t number) {
  const MemoryFacts::Numbered& of_kind = all(kind.name);
  const auto found = of_kind.find(number);
  if (found == of_kind.end()) return std::nullopt;
  return found->second.fact;
}

const MemoryFacts::Numbered& MemoryRun::all(std::string_view kind) const {
  static const MemoryFacts::Numbered none;
  const auto found = facts_.facts.find(kind);
  return found == facts_.facts.end() ? none : found->second;
}

bool MemoryRun::is_of_run(const store::Fact& fact) const {
  const store::FactValue run{run_};
  if (fact.kind->name == "run") return fact.number == run_;
  if (fact.kind->has("run")) return is_equal(fact.value("run"), run);
  if (!fact.kind->has("trial")) return trials_refer_to(fact);
  return std::ranges::any_of(all("trial"), [&](const auto& trial) {
    return is_equal(fact.value("trial"), trial.first) && is_of_run(trial.second.fact);
  });
}

bool MemoryRun::trials_refer_to(const store::Fact& fact) const {
  for (const auto& [number, trial] : all("trial")) {
    if (!is_of_run(trial.fact)) continue;
    for (const store::FactField& field : trial.fact.kind->fields) {
      if (field.refers_to == fact.kind->name && is_equal(trial.fact.value(field.name), fact.number))
        return true;
    }
  }
  return false;
}

}  // namespace tinyhil::test
