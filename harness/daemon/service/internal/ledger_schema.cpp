// SPDX-License-Identifier: Apache-2.0
#include "ledger_schema.hpp"

#include <cstdint>
#include <iterator>
#include <string>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::int64_t kApplicationId = 0x74686C64;  // "thld"

// Version 1. Times are microseconds since 1970 UTC. At most one lease of a board has not ended: the database
// itself refuses a second one.
constexpr const char* kSchema = R"(
  CREATE TABLE lease (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    owner       TEXT NOT NULL,
    selector    TEXT NOT NULL,
    priority    INTEGER NOT NULL,
    firmware    BLOB,
    purpose     TEXT NOT NULL,
    key         TEXT NOT NULL,
    expects_us  INTEGER,
    longest_us  INTEGER NOT NULL,
    asked_us    INTEGER NOT NULL,
    board       TEXT,
    epoch       INTEGER,
    granted_us  INTEGER,
    ended_us    INTEGER,
    end         INTEGER
  );
  CREATE UNIQUE INDEX lease_one_of_a_board ON lease (board) WHERE board IS NOT NULL AND ended_us IS NULL;
  CREATE UNIQUE INDEX lease_one_of_a_key ON lease (owner, key) WHERE key <> '' AND ended_us IS NULL;
  CREATE INDEX lease_open ON lease (id) WHERE ended_us IS NULL;
  CREATE TABLE board (
    name        TEXT PRIMARY KEY,
    epoch       INTEGER NOT NULL DEFAULT 0,
    busy_us     INTEGER NOT NULL DEFAULT 0,
    leases      INTEGER NOT NULL DEFAULT 0,
    quarantine  TEXT NOT NULL DEFAULT '',
    by_person   INTEGER NOT NULL DEFAULT 0,
    passed_us   INTEGER,
    firmware    BLOB
  );
  CREATE TABLE audit (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us    INTEGER NOT NULL,
    who      TEXT NOT NULL,
    what     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    outcome  TEXT NOT NULL
  );
)";

// From one version to the next, the first from 1 to 2.
constexpr const char* kMigrations[] = {
    R"(
  ALTER TABLE board ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE board ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE board ADD COLUMN flaky INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE board_step (
    board   TEXT NOT NULL,
    step    INTEGER NOT NULL,
    used    INTEGER NOT NULL,
    helped  INTEGER NOT NULL,
    PRIMARY KEY (board, step)
  );
  CREATE TABLE board_check (
    number         INTEGER PRIMARY KEY AUTOINCREMENT,
    board          TEXT NOT NULL,
    at_us          INTEGER NOT NULL,
    cause          INTEGER NOT NULL,
    command        TEXT NOT NULL,
    first_problem  TEXT NOT NULL,
    problem        TEXT NOT NULL,
    firmware       BLOB
  );
  CREATE INDEX board_check_of_a_board ON board_check (board, number);
  CREATE TABLE board_check_step (
    check_number  INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    step          INTEGER NOT NULL,
    cleaning      INTEGER NOT NULL,
    problem       TEXT NOT NULL,
    seen          TEXT NOT NULL,
    PRIMARY KEY (check_number, position)
  );
)"};
constexpr std::int64_t kVersion = 1 + std::ssize(kMigrations);

void set_number(store::Connection& connection, const std::string& name, std::int64_t value) {
  connection.execute(("PRAGMA " + name + " = " + std::to_string(value)).c_str());
}

}  // namespace

void set_up_ledger(store::Connection& connection) {
  connection.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  store::Transaction transaction(connection);
  std::int64_t version = connection.integer("PRAGMA user_version");
  const std::int64_t application = connection.integer("PRAGMA application_id");
  if (version == 0 && application == 0 && connection.integer("SELECT count(*) FROM sqlite_schema") == 0) {
    connection.execute(kSchema);
    set_number(connection, "application_id", kApplicationId);
    version = 1;
  } else if (application != kApplicationId) {
    throw Error(ErrorKind::bench_fault, "the file is no database of a tinyhil daemon",
                connection.file().string(), "name another folder with --state");
  } else if (version < 1 || version > kVersion) {
    throw Error(ErrorKind::bench_fault,
                "the database has version " + std::to_string(version) + "; this tinyhil knows those up to " +
                    std::to_string(kVersion),
                connection.file().string(), "start the tinyhil that wrote it, or name another folder");
  }
  for (; version < kVersion; ++version) connection.execute(kMigrations[version - 1]);
  set_number(connection, "user_version", kVersion);
  transaction.commit();
}

}  // namespace tinyhil::daemon
