// SPDX-License-Identifier: Apache-2.0
// The chain of a run: one link per fact, each the digest of the link before and of the fact, the first after
// 32 zero bytes (docs/formats/facts.md). Whoever knows a run's last link knows whether anything of the run
// was changed, removed or put in; the chain alone does not tell whether its end was cut off.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/fact.hpp"
#include "store/run_store.hpp"

namespace tinyhil::store {

struct Link {
  std::string kind;  // maybe one that nobody knows, in a store that was changed
  std::int64_t number = 0;
  Digest digest;
};

// What a backend has of one run, read as it lies there. Belongs to one thread.
class FactsOfRun {
 public:
  virtual ~FactsOfRun() = default;

  static constexpr std::int64_t kAll = INT64_MAX;

  // The first ones, in the order in which they were made.
  virtual std::vector<Link> links(std::int64_t most) = 0;
  // The numbers of all facts of the run, whether they have a link or not; ascending.
  virtual std::vector<std::int64_t> numbers(const FactKind& kind) = 0;
  // Nothing when it is missing. What its bytes lend is valid until the next call.
  virtual std::optional<Fact> fact(const FactKind& kind, std::int64_t number) = 0;
};

// Reads the whole run. Nothing when every fact is what was stored.
std::optional<BrokenLink> find_broken_link(FactsOfRun& run);

// The same of the run's own fact alone, which its first link covers.
std::optional<BrokenLink> find_broken_start(FactsOfRun& run, std::int64_t number);

}  // namespace tinyhil::store
