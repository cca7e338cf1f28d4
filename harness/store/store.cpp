// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include <string_view>
#include <utility>

#include "blocks.hpp"
#include "connection.hpp"
#include "open.hpp"
#include "survived.hpp"
#include "trials.hpp"

namespace tinyhil {

struct Store::Database {
  Connection connection;
};

namespace {

constexpr std::string_view kRunColumns =
    "SELECT id, campaign, campaign_file, campaign_digest, bench, policy_digest, started_at, host, version "
    "FROM run ";

RunRecord run_at(const Statement& row) {
  RunRecord run;
  run.id = row.integer(0);
  run.campaign = row.text(1);
  run.campaign_file = row.text(2);
  run.campaign_digest = row.digest(3);
  run.bench = row.text(4);
  run.policy_digest = row.digest(5);
  run.started_at = row.text(6);
  run.host = row.text(7);
  run.version = row.text(8);
  return run;
}

}  // namespace

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::filesystem::path& file, Access access) {
  Connection connection = access == Access::read_write ? open_for_writing(file) : open_for_reading(file);
  return Store(std::make_unique<Database>(Database{std::move(connection)}));
}

std::int64_t Store::begin_run(const RunRecord& run) {
  Connection& connection = database_->connection;
  Statement insert(
      connection,
      "INSERT INTO run (campaign, campaign_file, campaign_digest, bench, policy_digest, started_at,"
      " host, version) VALUES (?,?,?,?,?,?,?,?)");
  insert.bind(run.campaign).bind(run.campaign_file).bind(Bytes(run.campaign_digest.bytes)).bind(run.bench);
  insert.bind(Bytes(run.policy_digest.bytes)).bind(run.started_at).bind(run.host).bind(run.version).run();
  return connection.last_row_id();
}

void Store::end_run(std::int64_t run) {
  Statement insert(database_->connection,
                   "INSERT INTO run_end (run) VALUES (?) ON CONFLICT (run) DO NOTHING");
  insert.bind(run).run();
}

std::int64_t Store::begin_trial(std::int64_t run, const TrialInfo& info) {
  Transaction transaction(database_->connection);
  const std::int64_t id = insert_trial(database_->connection, run, info);
  transaction.commit();
  return id;
}

void Store::append(std::int64_t trial, const InferenceRows& rows) {
  if (rows.size() == 0) return;
  Transaction transaction(database_->connection);
  append_block(database_->connection, trial, bounds_of_open_trial(database_->connection, trial), rows);
  transaction.commit();
}

void Store::add_fault(std::int64_t trial, const SurvivedFault& fault) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  insert_survived(connection, trial, bounds_of_open_trial(connection, trial), fault);
  transaction.commit();
}

void Store::end_trial(std::int64_t trial, TrialState state, const std::optional<Fault>& fault) {
  Transaction transaction(database_->connection);
  bounds_of_open_trial(database_->connection, trial);
  insert_end(database_->connection, trial, state, fault);
  transaction.commit();
}

std::vector<RunRecord> Store::runs() const {
  Statement rows(database_->connection, std::string(kRunColumns) + "ORDER BY id DESC");
  std::vector<RunRecord> runs;
  while (rows.step()) runs.push_back(run_at(rows));
  return runs;
}

std::optional<RunRecord> Store::latest_run(const std::string& campaign) const {
  Statement row(database_->connection,
                std::string(kRunColumns) + "WHERE campaign = ? ORDER BY id DESC LIMIT 1");
  row.bind(campaign);
  if (!row.step()) return std::nullopt;
  return run_at(row);
}

std::optional<RunRecord> Store::unfinished_run(const std::string& campaign,
                                               const Digest& campaign_digest) const {
  std::optional<RunRecord> latest = latest_run(campaign);
  if (!latest || latest->campaign_digest != campaign_digest) return std::nullopt;
  Statement end(database_->connection, "SELECT 1 FROM run_end WHERE run = ?");
  end.bind(latest->id);
  if (end.step()) return std::nullopt;
  return latest;
}

std::optional<RunRecord> Store::run(std::int64_t id) const {
  Statement row(database_->connection, std::string(kRunColumns) + "WHERE id = ?");
  row.bind(id);
  if (!row.step()) return std::nullopt;
  return run_at(row);
}

std::vector<Trial> Store::trials(std::int64_t run) const {
  std::vector<Trial> trials = load_trials(database_->connection, run);
  for (Trial& trial : trials) trial.rows = load_rows(database_->connection, trial.id);
  return trials;
}

}  // namespace tinyhil
