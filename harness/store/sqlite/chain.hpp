// SPDX-License-Identifier: Apache-2.0
// The chain of a run: one link per row, each the digest of the link before and of the row
// (canonical_row.hpp), the first after 32 zero bytes. Whoever knows a run's last link knows whether anything
// of the run was changed, removed or put in; the chain alone does not tell whether its end was cut off.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "connection.hpp"
#include "store/run_store.hpp"

namespace tinyhil {

// A table whose rows have links, and which of its rows are of the run ?1.
struct LinkedTable {
  const char* name;
  const char* of_run;
};

// Every table of facts but `chain` itself. A row comes after those that it refers to.
std::span<const LinkedTable> linked_tables();

// Links a row that was just inserted; the caller holds the same Transaction. A row that the run's chain has
// already, such as a model of its second trial, gets no second link.
void add_link(Connection& connection, std::int64_t run, const std::string& table, std::int64_t row);
void add_links_of_trial(Connection& connection, std::int64_t run,
                        std::int64_t trial);  // what it refers to, too
std::int64_t run_of(Connection& connection, std::int64_t trial);

void link_all_runs(Connection& connection);  // what was stored before there was a chain

struct ChainRow {
  std::string table;
  std::int64_t row = 0;
  Digest digest;
};
// From the first on; -1: all of them.
std::vector<ChainRow> load_chain(Connection& connection, std::int64_t run, std::int64_t most = -1);

Digest load_head(Connection& connection, std::int64_t run);  // zero when the run has no links
std::optional<BrokenLink> find_broken_link(Connection& connection, std::int64_t run);
std::optional<BrokenLink> find_broken_run(Connection& connection, std::int64_t run);  // the row `run` alone
std::int64_t linked_run_before(Connection& connection, std::int64_t run);             // the last one; 0: none

}  // namespace tinyhil
