// SPDX-License-Identifier: Apache-2.0
#include "chain.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "store/fact_kinds.hpp"

namespace tinyhil::store {
namespace {

std::vector<std::int64_t> numbers_in(std::span<const Link> links, const FactKind& kind) {
  std::vector<std::int64_t> numbers;
  for (const Link& link : links) {
    if (link.kind == kind.name) numbers.push_back(link.number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// The first number that only one of the two has.
std::optional<BrokenLink> find_only_in(const std::vector<std::int64_t>& numbers,
                                       const std::vector<std::int64_t>& others, const FactKind& kind,
                                       const char* what) {
  std::vector<std::int64_t> only;
  std::ranges::set_difference(numbers, others, std::back_inserter(only));
  if (only.empty()) return std::nullopt;
  return BrokenLink{std::string(kind.name), only.front(), what};
}

std::optional<BrokenLink> find_fact_without_link(FactsOfRun& run, std::span<const Link> links) {
  for (const FactKind& kind : fact_kinds()) {
    auto broken =
        find_only_in(run.numbers(kind), numbers_in(links, kind), kind, "the row has no link in the chain");
    if (broken) return broken;
  }
  return std::nullopt;
}

std::optional<BrokenLink> find_link_without_fact(FactsOfRun& run, std::span<const Link> links) {
  for (const FactKind& kind : fact_kinds()) {
    auto broken = find_only_in(numbers_in(links, kind), run.numbers(kind), kind,
                               "the row is not among those of the run");
    if (broken) return broken;
  }
  return std::nullopt;
}

// Fact or link? The next link was made from the true digest of this one.
const char* blame(FactsOfRun& run, std::span<const Link> rest, const Digest& computed) {
  if (rest.empty()) return "the row is not the one that was stored, or its link was changed";
  const Link& next = rest.front();
  const FactKind* kind = find_fact_kind(next.kind);
  const std::optional<Fact> fact = kind ? run.fact(*kind, next.number) : std::nullopt;
  const bool link_changed = fact && link_digest(computed, *fact) == next.digest;
  return link_changed ? "its link in the chain was changed" : "the row is not the one that was stored";
}

std::optional<BrokenLink> walk(FactsOfRun& run, std::span<const Link> links) {
  Digest previous;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const Link& link = links[i];
    const FactKind* kind = find_fact_kind(link.kind);
    if (!kind) return BrokenLink{"chain", link.number, "a link names a table that has no links"};
    const std::optional<Fact> fact = run.fact(*kind, link.number);
    if (!fact) return BrokenLink{link.kind, link.number, "the row is missing"};
    const Digest computed = link_digest(previous, *fact);
    if (computed != link.digest)
      return BrokenLink{link.kind, link.number, blame(run, links.subspan(i + 1), computed)};
    previous = link.digest;
  }
  return std::nullopt;
}

}  // namespace

std::optional<BrokenLink> find_broken_link(FactsOfRun& run) {
  const std::vector<Link> links = run.links(FactsOfRun::kAll);
  if (auto unlinked = find_fact_without_link(run, links)) return unlinked;
  if (auto broken = walk(run, links)) return broken;
  return find_link_without_fact(run, links);
}

std::optional<BrokenLink> find_broken_start(FactsOfRun& run, std::int64_t number) {
  const std::vector<Link> links = run.links(1);
  if (links.empty() || links[0].kind != "run" || links[0].number != number)
    return BrokenLink{"run", number, "the row has no link in the chain"};
  return walk(run, links);
}

}  // namespace tinyhil::store
