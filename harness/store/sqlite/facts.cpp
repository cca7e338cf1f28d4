// SPDX-License-Identifier: Apache-2.0
#include "facts.hpp"

#include <set>
#include <utility>

#include "store/fact_kinds.hpp"

namespace tinyhil::store {
namespace {

// The steps of the schema that make the chain come before those that make some tables and columns.
std::set<std::string> columns_that_are_there(Connection& connection, const FactKind& kind) {
  Statement columns(connection, "PRAGMA table_info(" + std::string(kind.name) + ")");
  std::set<std::string> names;
  while (columns.step()) names.insert(columns.text(1));
  return names;
}

// By its type in the database, whatever the kind declares: somebody may have changed it.
FactValue value_at(const Statement& row, int column) {
  switch (row.type(column)) {
    case SQLITE_NULL:
      return std::monostate{};
    case SQLITE_INTEGER:
      return row.integer(column);
    case SQLITE_FLOAT:
      return row.real(column);
    case SQLITE_TEXT:
      return row.text(column);
    default:
      return row.blob(column);
  }
}

struct BindValue {
  Statement& statement;

  void operator()(std::monostate) const { statement.bind_null(); }
  void operator()(const std::string& text) const { statement.bind(std::string_view(text)); }
  void operator()(const auto& value) const { statement.bind(value); }
};

void bind_values(Statement& statement, const Fact& fact) {
  for (const FactValue& value : fact.values) std::visit(BindValue{statement}, value);
}

std::int64_t insert_fact(Connection& connection, const Fact& fact) {
  std::string marks = "?";
  for (std::size_t i = 1; i < fact.values.size(); ++i) marks += ",?";
  Statement insert(connection, "INSERT INTO " + std::string(fact.kind->name) + " (" + names_of(*fact.kind) +
                                   ") VALUES (" + marks + ")");
  bind_values(insert, fact);
  insert.run();
  return connection.last_row_id();
}

std::optional<std::int64_t> find_equal(Connection& connection, const Fact& fact) {
  std::string condition;
  for (const FactField& field : fact.kind->fields)
    condition += (condition.empty() ? "" : " AND ") + std::string(field.name) + " = ?";
  Statement find(connection, "SELECT id FROM " + std::string(fact.kind->name) + " WHERE " + condition);
  bind_values(find, fact);
  if (!find.step()) return std::nullopt;
  return find.integer(0);
}

bool is_linked(Connection& connection, std::int64_t run, const FactKind& kind, std::int64_t number) {
  Statement find(connection, "SELECT 1 FROM chain WHERE run = ? AND kind = ? AND row = ?");
  return find.bind(run).bind(kind.name).bind(number).step();
}

// Of the row as it was stored, read again.
void add_link(Connection& connection, std::int64_t run, const FactKind& kind, std::int64_t number) {
  if (is_linked(connection, run, kind, number)) return;
  SqliteRun stored(connection, run);
  const std::optional<Fact> fact = stored.fact(kind, number);
  if (!fact)
    connection.fail_damaged("row " + std::to_string(number) + " of " + std::string(kind.name) + " is gone");
  const Digest digest = link_digest(load_head(connection, run), *fact);
  Statement insert(connection, "INSERT INTO chain (run, kind, row, digest) VALUES (?,?,?,?)");
  insert.bind(run).bind(kind.name).bind(number).bind(Bytes(digest.bytes)).run();
}

// What the run's trials refer to.
std::string of_trials(const FactKind& kind) {
  std::string numbers;
  for (const FactField& field : fact_kind("trial").fields) {
    if (field.refers_to != kind.name) continue;
    numbers += (numbers.empty() ? "SELECT " : " UNION SELECT ") + std::string(field.name) +
               " FROM trial NOT INDEXED WHERE run = ?1";
  }
  return "id IN (" + numbers + ")";
}

}  // namespace

std::int64_t add_fact(Connection& connection, std::int64_t run, const Fact& fact) {
  const std::int64_t number = insert_fact(connection, fact);
  add_link(connection, run, *fact.kind, number);
  return number;
}

std::int64_t add_run_fact(Connection& connection, const Fact& run) {
  const std::int64_t number = insert_fact(connection, run);
  add_link(connection, number, *run.kind, number);
  return number;
}

std::int64_t add_identity(Connection& connection, std::int64_t run, const Fact& identity) {
  const std::optional<std::int64_t> known = find_equal(connection, identity);
  if (!known) return add_fact(connection, run, identity);
  add_link(connection, run, *identity.kind, *known);
  return *known;
}

std::int64_t run_of(Connection& connection, std::int64_t trial) {
  Statement find(connection, "SELECT run FROM trial WHERE id = ?");
  if (!find.bind(trial).step()) connection.fail_damaged("trial " + std::to_string(trial) + " is gone");
  return find.integer(0);
}

std::string of_run(const FactKind& kind) {
  if (kind.name == "run") return "id = ?1";
  if (kind.has("run")) return "run = ?1";
  if (kind.has("trial")) return "trial IN (SELECT id FROM trial NOT INDEXED WHERE run = ?1)";
  return of_trials(kind);
}

std::string names_of(const FactKind& kind) {
  std::string names;
  for (const FactField& field : kind.fields) names += (names.empty() ? "" : ", ") + std::string(field.name);
  return names;
}

void link_all_runs(Connection& connection) {
  Statement runs(connection, "SELECT id FROM run ORDER BY id");
  while (runs.step()) {
    for (const FactKind& kind : fact_kinds()) {
      if (columns_that_are_there(connection, kind).empty()) continue;
      for (const std::int64_t number : SqliteRun(connection, runs.integer(0)).numbers(kind))
        add_link(connection, runs.integer(0), kind, number);
    }
  }
}

std::vector<Link> SqliteRun::links(std::int64_t most) {
  Statement rows(connection_, "SELECT kind, row, digest FROM chain WHERE run = ? ORDER BY id LIMIT ?");
  rows.bind(run_).bind(most);
  std::vector<Link> links;
  while (rows.step()) links.push_back({rows.text(0), rows.integer(1), rows.digest(2)});
  return links;
}

// Not through an index, as whoever reads the run does: one that is damaged must not hide a row from one of
// the two.
std::vector<std::int64_t> SqliteRun::numbers(const FactKind& kind) {
  Statement find(connection_, "SELECT id FROM " + std::string(kind.name) + " NOT INDEXED WHERE " +
                                  of_run(kind) + " ORDER BY id");
  find.bind(run_);
  std::vector<std::int64_t> numbers;
  while (find.step()) numbers.push_back(find.integer(0));
  return numbers;
}

SqliteRun::Reader& SqliteRun::reader_of(const FactKind& kind) {
  const auto known = readers_.find(&kind);
  if (known != readers_.end()) return known->second;
  const std::set<std::string> there = columns_that_are_there(connection_, kind);
  std::string names = "id";
  std::vector<std::size_t> fields;
  for (std::size_t i = 0; i < kind.fields.size(); ++i) {
    if (!there.contains(std::string(kind.fields[i].name))) continue;
    names += ", " + std::string(kind.fields[i].name);
    fields.push_back(i);
  }
  Statement row(connection_, "SELECT " + names + " FROM " + std::string(kind.name) + " WHERE id = ?");
  return readers_.emplace(&kind, Reader{std::move(row), std::move(fields)}).first->second;
}

std::optional<Fact> SqliteRun::fact(const FactKind& kind, std::int64_t number) {
  Reader& reader = reader_of(kind);
  reader.row.reset();
  if (!reader.row.bind(number).step()) return std::nullopt;
  Fact fact(kind, number);
  for (std::size_t i = 0; i < reader.fields.size(); ++i)
    fact.values[reader.fields[i]] = value_at(reader.row, static_cast<int>(i) + 1);
  return fact;
}

Digest load_head(Connection& connection, std::int64_t run) {
  Statement last(connection, "SELECT digest FROM chain WHERE run = ? ORDER BY id DESC LIMIT 1");
  return last.bind(run).step() ? last.digest(0) : Digest{};
}

std::int64_t linked_run_before(Connection& connection, std::int64_t run) {
  Statement last(connection, "SELECT COALESCE(MAX(run), 0) FROM chain WHERE run < ?");
  return last.bind(run).step() ? last.integer(0) : 0;
}

}  // namespace tinyhil::store
