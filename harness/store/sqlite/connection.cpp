// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace tinyhil::store {
namespace {

constexpr int kBusyTimeoutMs = 5000;

struct Complaint {
  ErrorKind kind;
  const char* what;
  const char* remedy;
};

Complaint complaint_about(int code) {
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
      return {ErrorKind::usage, "the file is no SQLite database", "name another file with --store"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::bench_fault, "another process kept the database locked for more than 5 s",
              "wait for that process or end it; `fuser` names it"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorKind::bench_fault, "the database is read-only",
              "grant write permission on the file and its folder, or name another file with --store"};
    case SQLITE_FULL:
      return {ErrorKind::bench_fault, "the disk is full",
              "free space on that disk, then try again; a run resumes"};
    case SQLITE_CANTOPEN:
      return {ErrorKind::bench_fault, "the database cannot be opened",
              "check that the folder exists and that you may read it and write to it"};
    case SQLITE_CORRUPT:
      return {ErrorKind::bench_fault, "the database is damaged",
              "restore a copy, or save what is readable with `sqlite3 FILE .recover`"};
    case SQLITE_IOERR:
      return {ErrorKind::bench_fault, "the disk reported an error", "check the disk and its free space"};
    default:
      return {ErrorKind::bench_fault, "the database refused", "report this as a defect of tinyhil"};
  }
}

// What is quoted from a file may hold any bytes, and is shown on a terminal.
std::string plain(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, const std::string& name_for_sqlite, int flags)
    : file_(file) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name_for_sqlite.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
}

void Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Connection::integer(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

void Connection::fail(int code) const {
  const Complaint complaint = complaint_about(code);
  const char* said = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  throw Error(complaint.kind, std::string(complaint.what) + " (SQLite: " + plain(said) + ")", file_.string(),
              complaint.remedy);
}

void Connection::fail_damaged(const std::string& what) const {
  throw Error(ErrorKind::bench_fault, "the database is damaged: " + plain(what), file_.string(),
              "restore a copy, or start a new file with --store");
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
  sqlite3_stmt* handle = nullptr;
  const int code =
      sqlite3_prepare_v2(connection.handle(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
  handle_.reset(handle);
  check(code);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) connection_.fail(code);
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::bind(double value) {
  check(sqlite3_bind_double(handle_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  // An empty view may hold a null pointer, which SQLite would store as NULL.
  const char* text = value.empty() ? "" : value.data();
  check(sqlite3_bind_text64(handle_.get(), ++bound_, text, value.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(Bytes value) {
  const void* bytes = value.empty() ? static_cast<const void*>("") : value.data();
  check(sqlite3_bind_blob64(handle_.get(), ++bound_, bytes, value.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(handle_.get(), ++bound_));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_.fail(code);
  return false;
}

void Statement::run() { step(); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

double Statement::real(int column) const { return sqlite3_column_double(handle_.get(), column); }

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))) : "";
}

Bytes Statement::blob(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

Digest Statement::digest(int column) const {
  const Bytes stored = blob(column);
  Digest digest;
  if (stored.size() != digest.bytes.size()) connection_.fail_damaged("a digest is not 32 bytes long");
  std::copy(stored.begin(), stored.end(), digest.bytes.begin());
  return digest;
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

int Statement::type(int column) const { return sqlite3_column_type(handle_.get(), column); }

int Statement::columns() const { return sqlite3_column_count(handle_.get()); }

std::string Statement::name(int column) const { return sqlite3_column_name(handle_.get(), column); }

Statement& Statement::bind_column(const Statement& row, int column) {
  check(sqlite3_bind_value(handle_.get(), ++bound_, sqlite3_column_value(row.handle_.get(), column)));
  return *this;
}

void Statement::reset() {
  check(sqlite3_reset(handle_.get()));
  bound_ = 0;
}

Transaction::Transaction(Connection& connection)
    : connection_(connection), open_(sqlite3_get_autocommit(connection.handle()) != 0) {
  if (open_) connection_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  if (open_) connection_.execute("COMMIT");
  open_ = false;
}

Reading::Reading(Connection& connection) : connection_(connection) { connection_.execute("BEGIN"); }

Reading::~Reading() { sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }

}  // namespace tinyhil::store
