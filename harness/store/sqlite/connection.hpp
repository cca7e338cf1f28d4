// SPDX-License-Identifier: Apache-2.0
// One SQLite connection, its statements and transactions. Whatever SQLite complains about becomes an Error
// that names the file and the remedy; no caller sees a result code. In one thread at a time. Example:
//
//   Transaction transaction(connection);
//   Statement(connection, "INSERT INTO run_end (run) VALUES (?)").bind(run).run();
//   transaction.commit();
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace tinyhil::store {

struct CloseConnection {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
};

using Bytes = std::span<const std::uint8_t>;

class Connection {
 public:
  // flags: SQLITE_OPEN_*. Waits up to 5 s for other connections' locks, here and in every statement.
  Connection(const std::filesystem::path& file, const std::string& name_for_sqlite, int flags);

  void execute(const char* sql);          // one or more statements without results
  std::int64_t integer(const char* sql);  // the first column of the first row
  std::int64_t last_row_id() const { return sqlite3_last_insert_rowid(handle_.get()); }
  const std::filesystem::path& file() const { return file_; }
  sqlite3* handle() const { return handle_.get(); }

  [[noreturn]] void fail(int code) const;                         // what SQLite said last
  [[noreturn]] void fail_damaged(const std::string& what) const;  // what it holds cannot be

 private:
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, CloseConnection> handle_;
};

// A prepared statement. Parameters are bound left to right; text and blobs are not copied and have to live
// until the last step.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);

  Statement& bind(std::int64_t value);
  Statement& bind(double value);
  Statement& bind(std::string_view value);
  Statement& bind(Bytes value);
  Statement& bind_null();

  bool step();  // true: a row is there
  void run();   // a statement without rows

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  Bytes blob(int column) const;  // valid until the next step
  Digest digest(int column) const;
  bool is_null(int column) const;
  int type(int column) const;  // SQLITE_INTEGER, SQLITE_FLOAT, ...
  int columns() const;
  std::string name(int column) const;
  Statement& bind_column(const Statement& row, int column);  // as it is; copied
  void reset();                                              // ready to be bound and run again

 private:
  void check(int code) const;
  Connection& connection_;
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> handle_;
  int bound_ = 0;
};

// BEGIN IMMEDIATE: takes the write lock at once, so what was read inside stays true until commit(). One
// inside another is a part of it: what throws in there has to reach the outer one, which then rolls back.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();  // rolls back unless committed
  void commit();

 private:
  Connection& connection_;
  bool open_;  // of its own: not that of another one around it
};

// One moment of a database that others may write: what is read inside belongs together.
class Reading {
 public:
  explicit Reading(Connection& connection);
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading();

 private:
  Connection& connection_;
};

}  // namespace tinyhil::store
