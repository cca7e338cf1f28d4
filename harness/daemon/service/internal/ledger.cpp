// SPDX-License-Identifier: Apache-2.0
#include "ledger.hpp"

#include "daemon/service/internal/ledger_schema.hpp"
#include "daemon/service/internal/ledger_values.hpp"

namespace tinyhil::daemon {

using store::Statement;

namespace {

constexpr std::int64_t kAuditMost = 100'000;  // entries that are kept
constexpr std::int64_t kEndedMost = 100'000;  // leases that are kept when they have ended

constexpr const char* kLeaseColumns =
    "SELECT id, owner, selector, priority, firmware, purpose, expects_us, longest_us, asked_us, board, "
    "epoch, "
    "granted_us, ended_us, end, key FROM lease ";

LeaseRecord record_in(const Statement& row) {
  LeaseRecord record;
  record.id = RequestId{static_cast<std::uint64_t>(row.integer(0))};
  record.wish.owner = row.text(1);
  record.wish.selector = row.text(2);
  record.wish.priority = static_cast<Priority>(row.integer(3));
  record.wish.firmware = digest_in(row, 4);
  record.wish.purpose = row.text(5);
  if (!row.is_null(6)) record.wish.expects = Span(row.integer(6));
  record.wish.longest = Span(row.integer(7));
  record.asked_at = *moment_in(row, 8);
  record.board = row.is_null(9) ? "" : row.text(9);
  record.epoch = row.is_null(10) ? 0 : static_cast<std::uint64_t>(row.integer(10));
  record.granted_at = moment_in(row, 11);
  record.ended_at = moment_in(row, 12);
  if (!row.is_null(13)) record.end = static_cast<LeaseEnd>(row.integer(13));
  record.wish.key = row.text(14);
  return record;
}

std::int64_t number_of(RequestId id) { return static_cast<std::int64_t>(id.value); }

}  // namespace

const char* to_string(LeaseEnd end) {
  switch (end) {
    case LeaseEnd::released:
      return "released";
    case LeaseEnd::cancelled:
      return "cancelled";
    case LeaseEnd::silent:
      return "silent";
    case LeaseEnd::over:
      return "over";
    case LeaseEnd::forced:
      return "forced";
    case LeaseEnd::board_gone:
      return "board-gone";
  }
  return "unknown";
}

Ledger::Ledger(const std::filesystem::path& file)
    : connection_(file, file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW) {
  set_up_ledger(connection_);
}

LedgerStep::LedgerStep(Ledger& ledger) : connection_(ledger.connection_), transaction_(connection_) {}

RequestId LedgerStep::add(const LeaseWish& wish, Moment now) {
  Statement insert(connection_,
                   "INSERT INTO lease (owner, selector, priority, purpose, longest_us, asked_us, key, "
                   "expects_us, firmware) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(wish.owner)
      .bind(wish.selector)
      .bind(static_cast<std::int64_t>(wish.priority))
      .bind(wish.purpose)
      .bind(std::int64_t{wish.longest.count()})
      .bind(in_us(now))
      .bind(wish.key);
  wish.expects ? insert.bind(std::int64_t{wish.expects->count()}) : insert.bind_null();
  bind_digest(insert, wish.firmware);
  insert.run();
  const std::int64_t number = connection_.last_row_id();
  Statement(connection_, "DELETE FROM lease WHERE ended_us IS NOT NULL AND id <= ?")
      .bind(number - kEndedMost)
      .run();
  return RequestId{static_cast<std::uint64_t>(number)};
}

std::uint64_t LedgerStep::grant(RequestId id, const std::string& board, Moment now) {
  Statement(
      connection_,
      "INSERT INTO board (name, epoch) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET epoch = epoch + 1")
      .bind(board)
      .run();
  Statement(connection_,
            "UPDATE lease SET board = ?1, granted_us = ?2, epoch = (SELECT epoch FROM board WHERE name = ?1) "
            "WHERE id = ?3 AND board IS NULL AND ended_us IS NULL")
      .bind(board)
      .bind(in_us(now))
      .bind(number_of(id))
      .run();
  Statement row(connection_, "SELECT epoch FROM lease WHERE id = ? AND board IS NOT NULL");
  row.bind(number_of(id));
  if (!row.step()) connection_.fail_damaged("a request that is waited for is not in it");
  return static_cast<std::uint64_t>(row.integer(0));
}

void LedgerStep::end(RequestId id, LeaseEnd end, Moment now) {
  Statement(connection_,
            "UPDATE board SET leases = leases + 1, busy_us = busy_us + max(0, ?1 - "
            "(SELECT granted_us FROM lease WHERE id = ?2)) "
            "WHERE name = (SELECT board FROM lease WHERE id = ?2 AND ended_us IS NULL)")
      .bind(in_us(now))
      .bind(number_of(id))
      .run();
  Statement(connection_, "UPDATE lease SET ended_us = ?, end = ? WHERE id = ? AND ended_us IS NULL")
      .bind(in_us(now))
      .bind(static_cast<std::int64_t>(end))
      .bind(number_of(id))
      .run();
}

void LedgerStep::note(const AuditEntry& entry) {
  Statement(connection_, "INSERT INTO audit (at_us, who, what, subject, outcome) VALUES (?, ?, ?, ?, ?)")
      .bind(in_us(entry.at))
      .bind(entry.who)
      .bind(entry.what)
      .bind(entry.subject)
      .bind(entry.outcome)
      .run();
  Statement(connection_, "DELETE FROM audit WHERE number <= ?")
      .bind(connection_.last_row_id() - kAuditMost)
      .run();
}

void LedgerStep::commit() { transaction_.commit(); }

std::vector<LeaseRecord> Ledger::open_leases() {
  std::vector<LeaseRecord> records;
  Statement row(connection_, std::string(kLeaseColumns) + "WHERE ended_us IS NULL ORDER BY id");
  while (row.step()) records.push_back(record_in(row));
  return records;
}

std::optional<LeaseRecord> Ledger::lease(RequestId id) {
  Statement row(connection_, std::string(kLeaseColumns) + "WHERE id = ?");
  row.bind(number_of(id));
  if (!row.step()) return std::nullopt;
  return record_in(row);
}

std::vector<LeaseRecord> Ledger::ended(std::size_t most) {
  std::vector<LeaseRecord> records;
  Statement row(connection_,
                std::string(kLeaseColumns) + "WHERE ended_us IS NOT NULL ORDER BY id DESC LIMIT ?");
  row.bind(static_cast<std::int64_t>(most));
  while (row.step()) records.push_back(record_in(row));
  return records;
}

std::vector<AuditEntry> Ledger::audit(std::size_t most) {
  std::vector<AuditEntry> entries;
  Statement row(connection_,
                "SELECT number, at_us, who, what, subject, outcome FROM audit ORDER BY number DESC LIMIT ?");
  row.bind(static_cast<std::int64_t>(most));
  while (row.step())
    entries.push_back(
        {row.integer(0), *moment_in(row, 1), row.text(2), row.text(3), row.text(4), row.text(5)});
  return entries;
}

}  // namespace tinyhil::daemon
