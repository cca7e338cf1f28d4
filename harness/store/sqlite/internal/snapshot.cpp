// SPDX-License-Identifier: Apache-2.0
#include "snapshot.hpp"

#include <string>

#include "base/error.hpp"
#include "migrations.hpp"
#include "store/fact_kinds.hpp"
#include "store/sqlite/facts.hpp"

namespace tinyhil::store {
namespace {

struct Rows {
  std::string table;
  std::string columns;
  std::string condition;  // on the run ?1
};

Rows rows_of(const FactKind& kind) { return {std::string(kind.name), "id, " + names_of(kind), of_run(kind)}; }

std::string marks(int count) {
  std::string text = "?";
  for (int i = 1; i < count; ++i) text += ",?";
  return text;
}

void copy_rows(Connection& from, Connection& to, const Rows& wanted, std::int64_t run) {
  Statement rows(from, "SELECT " + wanted.columns + " FROM " + wanted.table + " WHERE " + wanted.condition +
                           " ORDER BY id");
  rows.bind(run);
  Statement insert(
      to, "INSERT INTO " + wanted.table + " (" + wanted.columns + ") VALUES (" + marks(rows.columns()) + ")");
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
  for (const FactKind& kind : fact_kinds()) copy_rows(from, to, rows_of(kind), run);
  copy_rows(from, to, {"chain", "id, run, kind, row, digest", "run = ?1"}, run);
  transaction.commit();
}

}  // namespace tinyhil::store
