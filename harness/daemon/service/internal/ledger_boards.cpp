// SPDX-License-Identifier: Apache-2.0
// What the ledger knows of boards.
#include "daemon/service/internal/ledger.hpp"
#include "daemon/service/internal/ledger_values.hpp"

namespace tinyhil::daemon {

using store::Statement;

namespace {

constexpr std::int64_t kChecksMostOfABoard = 100;  // that are kept

std::vector<StepTaken> steps_of_check(store::Connection& connection, std::int64_t number) {
  std::vector<StepTaken> steps;
  Statement row(connection,
                "SELECT step, problem, seen, cleaning FROM board_check_step WHERE check_number = ? "
                "ORDER BY position");
  row.bind(number);
  while (row.step())
    steps.push_back({static_cast<Step>(row.integer(0)), row.text(1), row.text(2), row.integer(3) != 0});
  return steps;
}

void add_steps(store::Connection& connection, std::int64_t number, const HealthCheck& check) {
  std::int64_t position = 0;
  for (const StepTaken& each : check.steps)
    Statement(connection, "INSERT INTO board_check_step VALUES (?, ?, ?, ?, ?, ?)")
        .bind(number)
        .bind(position++)
        .bind(static_cast<std::int64_t>(each.step))
        .bind(std::int64_t{each.is_cleaning ? 1 : 0})
        .bind(each.problem)
        .bind(each.seen)
        .run();
}

void forget_old_checks(store::Connection& connection, const std::string& board) {
  Statement(connection,
            "DELETE FROM board_check WHERE board = ?1 AND number NOT IN "
            "(SELECT number FROM board_check WHERE board = ?1 ORDER BY number DESC LIMIT ?2)")
      .bind(board)
      .bind(kChecksMostOfABoard)
      .run();
  Statement(connection,
            "DELETE FROM board_check_step WHERE check_number NOT IN (SELECT number FROM board_check)")
      .run();
}

void add_to_figures(store::Connection& connection, const std::string& board, const HealthCheck& check) {
  Statement(connection,
            "INSERT INTO board (name, checks, failed, flaky) VALUES (?1, 1, ?2, ?3) ON CONFLICT (name) DO "
            "UPDATE SET checks = checks + 1, failed = failed + ?2, flaky = flaky + ?3")
      .bind(board)
      .bind(std::int64_t{check.first_problem.empty() ? 0 : 1})
      .bind(std::int64_t{is_flaky(check) ? 1 : 0})
      .run();
  for (const StepTaken& each : check.steps)
    Statement(connection,
              "INSERT INTO board_step VALUES (?1, ?2, 1, ?3) ON CONFLICT (board, step) DO UPDATE SET "
              "used = used + 1, helped = helped + ?3")
        .bind(board)
        .bind(static_cast<std::int64_t>(each.step))
        .bind(std::int64_t{each.has_helped() ? 1 : 0})
        .run();
}

}  // namespace

void LedgerStep::quarantine(const std::string& board, const std::string& reason, bool is_by_person) {
  Statement(connection_,
            "INSERT INTO board (name, quarantine, by_person) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE "
            "SET quarantine = excluded.quarantine, by_person = excluded.by_person")
      .bind(board)
      .bind(reason)
      .bind(std::int64_t{is_by_person ? 1 : 0})
      .run();
}

void LedgerStep::pass(const std::string& board, const std::optional<Digest>& firmware, Moment now) {
  Statement upsert(
      connection_,
      "INSERT INTO board (name, passed_us, firmware) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE "
      "SET quarantine = '', by_person = 0, passed_us = excluded.passed_us, firmware = excluded.firmware");
  upsert.bind(board).bind(in_us(now));
  bind_digest(upsert, firmware);
  upsert.run();
}

void LedgerStep::add_check(const std::string& board, const HealthCheck& check) {
  Statement insert(connection_,
                   "INSERT INTO board_check (board, at_us, cause, command, first_problem, problem, firmware) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?)");
  insert.bind(board)
      .bind(in_us(check.at))
      .bind(static_cast<std::int64_t>(check.cause))
      .bind(check.command)
      .bind(check.first_problem)
      .bind(check.problem);
  bind_digest(insert, check.firmware);
  insert.run();
  add_steps(connection_, connection_.last_row_id(), check);
  forget_old_checks(connection_, board);
  add_to_figures(connection_, board, check);
}

std::map<std::string, BoardRecord> Ledger::boards() {
  std::map<std::string, BoardRecord> records;
  Statement row(connection_,
                "SELECT name, epoch, busy_us, leases, quarantine, passed_us, firmware, by_person, "
                "checks, failed, flaky FROM board");
  while (row.step()) {
    BoardRecord& record = records[row.text(0)];
    record.epoch = static_cast<std::uint64_t>(row.integer(1));
    record.busy = std::chrono::microseconds(row.integer(2));
    record.leases = static_cast<std::uint64_t>(row.integer(3));
    record.quarantine = row.text(4);
    record.passed = moment_in(row, 5);
    record.firmware = digest_in(row, 6);
    record.is_by_person = row.integer(7) != 0;
    record.health.checks = static_cast<std::uint64_t>(row.integer(8));
    record.health.failed = static_cast<std::uint64_t>(row.integer(9));
    record.health.flaky = static_cast<std::uint64_t>(row.integer(10));
  }
  Statement step(connection_, "SELECT board, step, used, helped FROM board_step");
  while (step.step())
    records[step.text(0)].health.steps[static_cast<Step>(step.integer(1))] = {
        static_cast<std::uint64_t>(step.integer(2)), static_cast<std::uint64_t>(step.integer(3))};
  return records;
}

std::vector<HealthCheck> Ledger::checks(const std::string& board, std::size_t most) {
  std::vector<HealthCheck> checks;
  Statement row(connection_,
                "SELECT number, at_us, cause, command, first_problem, problem, firmware FROM board_check "
                "WHERE board = ? ORDER BY number DESC LIMIT ?");
  row.bind(board).bind(static_cast<std::int64_t>(most));
  while (row.step()) {
    HealthCheck check;
    check.at = *moment_in(row, 1);
    check.cause = static_cast<CheckCause>(row.integer(2));
    check.command = row.text(3);
    check.first_problem = row.text(4);
    check.problem = row.text(5);
    check.firmware = digest_in(row, 6);
    check.steps = steps_of_check(connection_, row.integer(0));
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace tinyhil::daemon
