// SPDX-License-Identifier: Apache-2.0
#include "chain.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "canonical_row.hpp"

namespace tinyhil {
namespace {

constexpr const char* kOfTrial = "trial IN (SELECT id FROM trial NOT INDEXED WHERE run = ?1)";

constexpr LinkedTable kTables[] = {
    {"run", "id = ?1"},
    {"model", "id IN (SELECT model FROM trial NOT INDEXED WHERE run = ?1)"},
    {"vector_set", "id IN (SELECT vector_set FROM trial NOT INDEXED WHERE run = ?1)"},
    {"image", "id IN (SELECT image FROM trial NOT INDEXED WHERE run = ?1)"},
    {"board", "id IN (SELECT board FROM trial NOT INDEXED WHERE run = ?1)"},
    {"tensor",
     "id IN (SELECT input FROM trial NOT INDEXED WHERE run = ?1 UNION SELECT output FROM trial NOT INDEXED "
     "WHERE run = ?1)"},
    {"trial", "run = ?1"},
    {"block", kOfTrial},
    {"survived_fault", kOfTrial},
    {"trial_end", kOfTrial},
    {"run_end", "run = ?1"},
    {"run_model", "run = ?1"},
    {"run_order", "run = ?1"},
    {"run_sampling", "run = ?1"},
    {"run_verdict", "run = ?1"},
};

bool is_linked(Connection& connection, std::int64_t run, const std::string& table, std::int64_t row) {
  Statement find(connection, "SELECT 1 FROM chain WHERE run = ? AND kind = ? AND row = ?");
  return find.bind(run).bind(table).bind(row).step();
}

// The step that made the chain comes before some of the tables.
bool exists(Connection& connection, const LinkedTable& table) {
  Statement find(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  return find.bind(table.name).step();
}

// Not through an index, as whoever reads the run does: one that is damaged must not hide a row from one of
// the two.
std::vector<std::int64_t> rows_of(Connection& connection, const LinkedTable& table, std::int64_t run) {
  Statement find(connection, std::string("SELECT id FROM ") + table.name + " NOT INDEXED WHERE " +
                                 table.of_run + " ORDER BY id");
  find.bind(run);
  std::vector<std::int64_t> rows;
  while (find.step()) rows.push_back(find.integer(0));
  return rows;
}

std::vector<std::int64_t> rows_in(const std::vector<ChainRow>& chain, const std::string& table) {
  std::vector<std::int64_t> rows;
  for (const ChainRow& link : chain) {
    if (link.table == table) rows.push_back(link.row);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

// The first row that only one of the two has.
std::optional<BrokenLink> find_only_in(const std::vector<std::int64_t>& rows,
                                       const std::vector<std::int64_t>& others, const std::string& table,
                                       const std::string& what) {
  std::vector<std::int64_t> only;
  std::set_difference(rows.begin(), rows.end(), others.begin(), others.end(), std::back_inserter(only));
  if (only.empty()) return std::nullopt;
  return BrokenLink{table, only.front(), what};
}

std::optional<BrokenLink> find_row_without_link(Connection& connection, std::int64_t run,
                                                const std::vector<ChainRow>& chain) {
  for (const LinkedTable& table : kTables) {
    auto broken = find_only_in(rows_of(connection, table, run), rows_in(chain, table.name), table.name,
                               "the row has no link in the chain");
    if (broken) return broken;
  }
  return std::nullopt;
}

std::optional<BrokenLink> find_link_without_row(Connection& connection, std::int64_t run,
                                                const std::vector<ChainRow>& chain) {
  for (const LinkedTable& table : kTables) {
    auto broken = find_only_in(rows_in(chain, table.name), rows_of(connection, table, run), table.name,
                               "the row is not among those of the run");
    if (broken) return broken;
  }
  return std::nullopt;
}

bool is_known(const std::string& table) {
  for (const LinkedTable& known : kTables) {
    if (table == known.name) return true;
  }
  return false;
}

// Row or link? The next link was made from the true digest of this one.
std::string blame(Connection& connection, const std::vector<ChainRow>& chain, std::size_t at,
                  const Digest& computed) {
  if (at + 1 == chain.size()) return "the row is not the one that was stored, or its link was changed";
  const ChainRow& next = chain[at + 1];
  if (!is_known(next.table)) return "the row is not the one that was stored";
  const bool link_changed = link_digest(connection, computed, next.table, next.row) == next.digest;
  return link_changed ? "its link in the chain was changed" : "the row is not the one that was stored";
}

std::optional<BrokenLink> walk(Connection& connection, const std::vector<ChainRow>& chain) {
  Digest previous;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const ChainRow& link = chain[i];
    if (!is_known(link.table)) return BrokenLink{"chain", link.row, "a link names a table that has no links"};
    const std::optional<Digest> computed = link_digest(connection, previous, link.table, link.row);
    if (!computed) return BrokenLink{link.table, link.row, "the row is missing"};
    if (*computed != link.digest)
      return BrokenLink{link.table, link.row, blame(connection, chain, i, *computed)};
    previous = link.digest;
  }
  return std::nullopt;
}

}  // namespace

std::span<const LinkedTable> linked_tables() { return kTables; }

void add_link(Connection& connection, std::int64_t run, const std::string& table, std::int64_t row) {
  if (is_linked(connection, run, table, row)) return;
  const std::optional<Digest> digest = link_digest(connection, load_head(connection, run), table, row);
  if (!digest) connection.fail_damaged("row " + std::to_string(row) + " of " + table + " is gone");
  Statement insert(connection, "INSERT INTO chain (run, kind, row, digest) VALUES (?,?,?,?)");
  insert.bind(run).bind(table).bind(row).bind(Bytes(digest->bytes)).run();
}

void add_links_of_trial(Connection& connection, std::int64_t run, std::int64_t trial) {
  Statement find(connection, "SELECT model, vector_set, image, board, input, output FROM trial WHERE id = ?");
  if (!find.bind(trial).step()) connection.fail_damaged("trial " + std::to_string(trial) + " is gone");
  int column = 0;
  for (const char* table : {"model", "vector_set", "image", "board", "tensor", "tensor"})
    add_link(connection, run, table, find.integer(column++));
  add_link(connection, run, "trial", trial);
}

std::int64_t run_of(Connection& connection, std::int64_t trial) {
  Statement find(connection, "SELECT run FROM trial WHERE id = ?");
  if (!find.bind(trial).step()) connection.fail_damaged("trial " + std::to_string(trial) + " is gone");
  return find.integer(0);
}

void link_all_runs(Connection& connection) {
  Statement runs(connection, "SELECT id FROM run ORDER BY id");
  while (runs.step()) {
    for (const LinkedTable& table : kTables) {
      if (!exists(connection, table)) continue;
      for (const std::int64_t row : rows_of(connection, table, runs.integer(0)))
        add_link(connection, runs.integer(0), table.name, row);
    }
  }
}

std::vector<ChainRow> load_chain(Connection& connection, std::int64_t run, std::int64_t most) {
  Statement links(connection, "SELECT kind, row, digest FROM chain WHERE run = ? ORDER BY id LIMIT ?");
  links.bind(run).bind(most);
  std::vector<ChainRow> chain;
  while (links.step()) chain.push_back({links.text(0), links.integer(1), links.digest(2)});
  return chain;
}

Digest load_head(Connection& connection, std::int64_t run) {
  Statement last(connection, "SELECT digest FROM chain WHERE run = ? ORDER BY id DESC LIMIT 1");
  return last.bind(run).step() ? last.digest(0) : Digest{};
}

std::optional<BrokenLink> find_broken_link(Connection& connection, std::int64_t run) {
  const Reading one_moment(connection);  // others may append meanwhile
  const std::vector<ChainRow> chain = load_chain(connection, run);
  if (auto unlinked = find_row_without_link(connection, run, chain)) return unlinked;
  if (auto broken = walk(connection, chain)) return broken;
  return find_link_without_row(connection, run, chain);
}

std::optional<BrokenLink> find_broken_run(Connection& connection, std::int64_t run) {
  const std::vector<ChainRow> chain = load_chain(connection, run, 1);
  if (chain.empty() || chain[0].table != "run" || chain[0].row != run) {
    return BrokenLink{"run", run, "the row has no link in the chain"};
  }
  return walk(connection, chain);
}

std::int64_t linked_run_before(Connection& connection, std::int64_t run) {
  Statement last(connection, "SELECT COALESCE(MAX(run), 0) FROM chain WHERE run < ?");
  return last.bind(run).step() ? last.integer(0) : 0;
}

}  // namespace tinyhil
