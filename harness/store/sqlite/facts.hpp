// SPDX-License-Identifier: Apache-2.0
// Facts as rows, by the list in fact_kinds.hpp: a kind is a table, its number the id, a field a column. And
// the links of their chains, rows of the table `chain`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connection.hpp"
#include "store/fact.hpp"
#include "store/internal/chain.hpp"

namespace tinyhil::store {

// The caller holds a Transaction in which run, fact and link are written together. They return the fact's
// number. A fact that the run's chain has already gets no second link.
std::int64_t add_fact(Connection& connection, std::int64_t run, const Fact& fact);
std::int64_t add_run_fact(Connection& connection, const Fact& run);
// Refers to the row with exactly these values, where there is one.
std::int64_t add_identity(Connection& connection, std::int64_t run, const Fact& identity);

std::int64_t run_of(Connection& connection, std::int64_t trial);

// Which rows of a kind's table are facts of the run ?1: a condition of SQL.
std::string of_run(const FactKind& kind);

std::string names_of(const FactKind& kind);  // of its fields: "run, ended_at"

void link_all_runs(Connection& connection);  // what was stored before there was a chain

// One run of the database, lent.
class SqliteRun final : public FactsOfRun {
 public:
  SqliteRun(Connection& connection, std::int64_t run) : connection_(connection), run_(run) {}

  std::vector<Link> links(std::int64_t most) override;
  std::vector<std::int64_t> numbers(const FactKind& kind) override;
  std::optional<Fact> fact(const FactKind& kind, std::int64_t number) override;

 private:
  // Reads one row of a table; `fields` says which of the kind's fields its columns are.
  struct Reader {
    Statement row;
    std::vector<std::size_t> fields;
  };
  Reader& reader_of(const FactKind& kind);

  Connection& connection_;
  std::int64_t run_;
  std::map<const FactKind*, Reader> readers_;
};

Digest load_head(Connection& connection, std::int64_t run);                // zero when the run has no links
std::int64_t linked_run_before(Connection& connection, std::int64_t run);  // the last one; 0: none

}  // namespace tinyhil::store
