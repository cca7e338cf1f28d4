// SPDX-License-Identifier: Apache-2.0
// The facts and links of a store in memory. What is kept is public, so that a test can change it as somebody
// would who can write to a database.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "store/fact.hpp"
#include "store/internal/chain.hpp"

namespace tinyhil::test {

// A fact that owns its bytes.
struct KeptFact {
  explicit KeptFact(const store::Fact& told);
  KeptFact(const KeptFact& other) : KeptFact(other.fact) {}
  KeptFact(KeptFact&&) = default;

  store::Fact fact;
  std::vector<std::vector<std::uint8_t>> bytes{};
};

class MemoryFacts {
 public:
  using Numbered = std::map<std::int64_t, KeptFact>;

  // They return the number, one more than the highest of the kind.
  std::int64_t add_run(const store::Fact& run);
  std::int64_t add(std::int64_t run, const store::Fact& fact);
  std::int64_t add_identity(std::int64_t run,
                            const store::Fact& identity);  // that of an equal fact, if there is one

  Digest head(std::int64_t run) const;  // zero when the run has no links

  std::map<std::string_view, Numbered> facts;              // by kind
  std::map<std::int64_t, std::vector<store::Link>> links;  // by run

 private:
  std::int64_t keep(const store::Fact& fact);
  void link(std::int64_t run, std::string_view kind, std::int64_t number);
};

// One run of them, lent.
class MemoryRun final : public store::FactsOfRun {
 public:
  MemoryRun(const MemoryFacts& facts, std::int64_t run) : facts_(facts), run_(run) {}

  std::vector<store::Link> links(std::int64_t most) override;
  std::vector<std::int64_t> numbers(const store::FactKind& kind) override;
  std::optional<store::Fact> fact(const store::FactKind& kind, std::int64_t number) override;

 private:
  const MemoryFacts::Numbered& all(std::string_view kind) const;
  bool is_of_run(const store::Fact& fact) const;
  bool trials_refer_to(const store::Fact& fact) const;

  const MemoryFacts& facts_;
  std::int64_t run_;
};

}  // namespace tinyhil::test
