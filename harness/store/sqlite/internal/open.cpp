// SPDX-License-Identifier: Apache-2.0
#include "open.hpp"

#include <string>
#include <system_error>

#include "base/error.hpp"
#include "base/nearby_file.hpp"
#include "migrations.hpp"

namespace tinyhil::store {

namespace fs = std::filesystem;

namespace {

constexpr int kJournalPauseMs = 10;
constexpr int kJournalTries = 500;

void make_folder_of(const fs::path& file) {
  std::error_code failure;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), failure);
  if (failure) {
    throw Error(ErrorKind::bench_fault, "the database's folder cannot be made: " + failure.message(),
                file.string(), "make it yourself, or name another file with --store");
  }
}

// A pipe would block for ever, a device might never end.
void refuse_irregular(const fs::path& file) {
  std::error_code unknown;
  const fs::file_status status = fs::status(file, unknown);
  if (!fs::exists(status) || fs::is_regular_file(status)) return;
  throw Error(ErrorKind::usage, "the database is not a regular file", file.string(),
              "name a file rather than a folder, pipe or device with --store");
}

// Changing the journal's mode does not wait for another process's lock, as every other statement does.
void use_write_ahead_log(Connection& connection) {
  int code = SQLITE_BUSY;
  for (int tries = 0; (code & 0xFF) == SQLITE_BUSY && tries < kJournalTries; ++tries) {
    if (tries > 0) sqlite3_sleep(kJournalPauseMs);
    code = sqlite3_exec(connection.handle(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
  }
  if (code != SQLITE_OK) connection.fail(code);
  Statement journal(connection, "PRAGMA journal_mode");
  if (journal.step() && journal.text(0) == "wal") return;
  throw Error(ErrorKind::bench_fault, "this file system does not support a write-ahead log",
              connection.file().string(), "put the database on a local disk with --store");
}

// A path as an SQLite URI, so that the file can be declared immutable.
std::string immutable_uri(const fs::path& file) {
  std::string uri = "file:";
  for (const char c : fs::absolute(file).string()) {
    uri += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
  }
  return uri + "?immutable=1";
}

// A write-ahead logged database needs its -shm file even for reading. Where that cannot be made, on read-only
// media or in somebody else's folder, the file is whole by itself unless a log lies beside it.
Connection connect_for_reading(const fs::path& file) {
  try {
    Connection connection(file, file.string(), SQLITE_OPEN_READONLY);
    connection.integer("SELECT COUNT(*) FROM sqlite_schema");
    return connection;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bench_fault || fs::exists(file.string() + "-wal")) throw;
  }
  return Connection(file, immutable_uri(file), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

}  // namespace

Connection open_for_writing(const fs::path& file) {
  make_folder_of(file);
  refuse_irregular(file);
  Connection connection(file, file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  refuse_foreign(connection, migrations());
  if (sqlite3_db_readonly(connection.handle(), "main") == 1) connection.fail(SQLITE_READONLY);
  connection.execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
  use_write_ahead_log(connection);
  migrate(connection, migrations());
  return connection;
}

Connection open_for_reading(const fs::path& file) {
  if (!fs::exists(file)) {
    throw Error(ErrorKind::usage, "there is no such database", file.string(),
                nearby_file_hint(file) + "run a campaign first, or name another file with --store");
  }
  refuse_irregular(file);
  Connection connection = connect_for_reading(file);
  connection.execute("PRAGMA trusted_schema = OFF");  // it may be from a stranger
  refuse_foreign(connection, migrations());
  const std::int64_t version = connection.integer("PRAGMA user_version");
  if (version != migrations().back().version) {
    throw Error(ErrorKind::usage,
                "the database has schema version " + std::to_string(version) +
                    ", which must be migrated to " + std::to_string(migrations().back().version),
                file.string(), "run `tinyhil run` on it once with write permission, which migrates it");
  }
  return connection;
}

bool upgrade_copy(const fs::path& file) {
  Connection connection(file, file.string(), SQLITE_OPEN_READWRITE);
  connection.execute("PRAGMA trusted_schema = OFF");
  refuse_foreign(connection, migrations());
  if (connection.integer("PRAGMA user_version") == migrations().back().version) return false;
  if (const auto object = unlike_schema(connection)) {
    throw Error(ErrorKind::bench_fault, "this part of the schema is not one that tinyhil makes",
                file.string() + ": " + *object, "use the file as tinyhil wrote it");
  }
  migrate(connection, migrations());
  return true;
}

}  // namespace tinyhil::store
