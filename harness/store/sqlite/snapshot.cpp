// SPDX-License-Identifier: Apache-2.0
#include "snapshot.hpp"

#include <string>

#include "base/error.hpp"
#include "chain.hpp"
#include "migrations.hpp"

namespace tinyhil {
namespace {

std::string marks(int count) {
  std::string text = "?";
  for (int i = 1; i < count; ++i) text += ",?";
  return text;
}

void copy_rows(Connection& from, Connection& to, const LinkedTable& table, std::int64_t run) {
  const std::string name = table.name;
  Statement rows(from, "SELECT * FROM " + name + " WHERE " + table.of_run + " ORDER BY id");
  rows.bind(run);
  Statement insert(to, "INSERT INTO " + name + " VALUES (" + marks(rows.columns()) + ")");
  while (rows.step()) {
    insert.reset();
    for (int column = 0; column < rows.columns(); ++column) insert.bind_column(rows, column);
    insert.run();
  }
}

void refuse_existing(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return;
  throw Error(ErrorKind::usage, "the file for the snapshot is there already", file.string(),
              "name a file that does not exist");
}

void require_run(Connection& from, std::int64_t run) {
  Statement find(from, "SELECT 1 FROM run WHERE id = ?");
  if (find.bind(run).step()) return;
  throw Error(ErrorKind::usage, "the database has no run " + std::to_string(run), from.file().string(),
              "name a run that `tinyhil` has stored there");
}

}  // namespace

void copy_run(Connection& from, std::int64_t run, const std::filesystem::path& file) {
  refuse_existing(file);
  require_run(from, run);
  Connection to(file, file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  to.execute("PRAGMA page_size = 4096; PRAGMA journal_mode = DELETE");
  migrate(to, migrations());
  const Reading reading(from);
  Transaction transaction(to);
  for (const LinkedTable& table : linked_tables()) copy_rows(from, to, table, run);
  copy_rows(from, to, {"chain", "run = ?1"}, run);
  transaction.commit();
}

}  // namespace tinyhil
