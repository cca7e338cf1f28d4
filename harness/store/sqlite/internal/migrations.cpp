// SPDX-License-Identifier: Apache-2.0
#include "migrations.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "base/error.hpp"
#include "steps.hpp"
#include "store/sqlite/facts.hpp"

namespace tinyhil::store {
std::string forbid_changes(std::initializer_list<std::string> tables) {
  std::string sql;
  for (const std::string& table : tables) {
    for (const std::string verb : {"UPDATE", "DELETE"}) {
      sql += "CREATE TRIGGER no_" + verb + "_of_" + table + " BEFORE " + verb + " ON " + table +
             " BEGIN SELECT RAISE(ABORT, 'facts are only appended'); END;\n";
    }
  }
  return sql;
}

std::span<const Migration> migrations() {
  static const std::string sql[] = {step_1(),  step_2(),  step_3(),  step_4(), step_5(),
                                    step_6(),  step_7(),  step_8(),  step_9(), step_10(),
                                    step_11(), step_12(), step_13(), step_14()};
  static const Migration all[] = {
      {1, sql[0].c_str()},   {2, sql[1].c_str()},   {3, sql[2].c_str(), link_all_runs},
      {4, sql[3].c_str()},   {5, sql[4].c_str()},   {6, sql[5].c_str()},
      {7, sql[6].c_str()},   {8, sql[7].c_str()},   {9, sql[8].c_str()},
      {10, sql[9].c_str()},  {11, sql[10].c_str()}, {12, sql[11].c_str()},
      {13, sql[12].c_str()}, {14, sql[13].c_str()}};
  return all;
}

void refuse_foreign(Connection& connection, std::span<const Migration> known) {
  connection.execute("BEGIN");  // one snapshot: another process may be creating the database right now
  const std::int64_t application = connection.integer("PRAGMA application_id");
  const bool empty = connection.integer("SELECT COUNT(*) FROM sqlite_schema") == 0;
  const std::int64_t version = connection.integer("PRAGMA user_version");
  connection.execute("COMMIT");
  if (application != kApplicationId && !(application == 0 && empty)) {
    throw Error(ErrorKind::usage, "the file is an SQLite database, but not one of tinyhil",
                connection.file().string(), "name another file with --store");
  }
  if (version > known.back().version) {
    throw Error(ErrorKind::usage,
                "the database has schema version " + std::to_string(version) + "; this tinyhil knows up to " +
                    std::to_string(known.back().version),
                connection.file().string(), "use the newer tinyhil that wrote it");
  }
}

void migrate(Connection& connection, std::span<const Migration> known) {
  if (connection.integer("PRAGMA user_version") == known.back().version) return;
  Transaction transaction(connection);
  // Read again under the lock: another process may have migrated in between.
  const std::int64_t version = connection.integer("PRAGMA user_version");
  for (const Migration& migration : known) {
    if (migration.version <= version) continue;
    connection.execute(migration.sql);
    if (migration.after != nullptr) migration.after(connection);
    connection.execute(("PRAGMA user_version = " + std::to_string(migration.version)).c_str());
  }
  connection.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  transaction.commit();
}

namespace {

std::map<std::string, std::string> schema_of(Connection& connection) {
  Statement objects(
      connection, "SELECT name, type || ' of ' || tbl_name || ': ' || COALESCE(sql, '') FROM sqlite_schema");
  std::map<std::string, std::string> schema;
  while (objects.step()) schema[objects.text(0)] += objects.text(1);
  return schema;
}

}  // namespace

std::optional<std::string> unlike_schema(Connection& connection) {
  const std::int64_t stated = connection.integer("PRAGMA user_version");
  const std::int64_t version = std::clamp(stated, migrations().front().version, migrations().back().version);
  Connection fresh(":memory:", ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  migrate(fresh, migrations().first(static_cast<std::size_t>(version)));
  std::map<std::string, std::string> expected = schema_of(fresh);
  for (const auto& [name, sql] : schema_of(connection)) {
    const auto same = expected.find(name);
    if (same == expected.end() || same->second != sql) return name;
    expected.erase(same);
  }
  if (expected.empty()) return std::nullopt;
  return expected.begin()->first;
}

}  // namespace tinyhil::store
