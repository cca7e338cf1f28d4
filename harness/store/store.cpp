// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include <sstream>
#include <string_view>
#include <utility>

#include "blocks.hpp"
#include "chain.hpp"
#include "connection.hpp"
#include "migrations.hpp"
#include "open.hpp"
#include "snapshot.hpp"
#include "survived.hpp"
#include "trials.hpp"

namespace tinyhil {

struct Store::Database {
  Connection connection;
};

namespace {

constexpr std::string_view kRunColumns =
    "SELECT id, campaign, campaign_file, campaign_digest, bench, policy_digest, started_at, host, version, "
    "sampling, order_seed, boards "
    "FROM run ";

// A board's name holds no comma (model/name.hpp).
std::string join_names(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ",") + name;
  return joined;
}

std::vector<std::string> split_names(const std::string& joined) {
  std::vector<std::string> names;
  std::istringstream text(joined);
  for (std::string name; std::getline(text, name, ',');) names.push_back(name);
  return names;
}

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
  if (!row.is_null(11)) run.boards = split_names(row.text(11));
  if (row.is_null(9)) return run;
  run.sampling = row.text(9);
  run.order_seed = static_cast<std::uint64_t>(row.integer(10));
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
  Transaction transaction(connection);
  Statement insert(
      connection,
      "INSERT INTO run (campaign, campaign_file, campaign_digest, bench, policy_digest, started_at,"
      " host, version, sampling, order_seed, boards) VALUES (?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(run.campaign).bind(run.campaign_file).bind(Bytes(run.campaign_digest.bytes)).bind(run.bench);
  insert.bind(Bytes(run.policy_digest.bytes)).bind(run.started_at).bind(run.host).bind(run.version);
  if (run.sampling.empty()) {
    insert.bind_null().bind_null();
  } else {
    insert.bind(run.sampling).bind(static_cast<std::int64_t>(run.order_seed));
  }
  const std::string boards = join_names(run.boards);  // lent to the statement
  if (!run.boards.empty()) insert.bind(boards);
  insert.run();
  const std::int64_t id = connection.last_row_id();
  add_link(connection, id, "run", id);
  transaction.commit();
  return id;
}

void Store::end_run(std::int64_t run) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  Statement ended(connection, "SELECT 1 FROM run_end WHERE run = ?");
  if (ended.bind(run).step()) return;
  Statement insert(connection, "INSERT INTO run_end (run) VALUES (?)");
  insert.bind(run).run();
  add_link(connection, run, "run_end", connection.last_row_id());
  transaction.commit();
}

std::int64_t Store::begin_trial(std::int64_t run, const TrialInfo& info) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const std::int64_t id = insert_trial(connection, run, info);
  add_links_of_trial(connection, run, id);
  transaction.commit();
  return id;
}

void Store::append(std::int64_t trial, const InferenceRows& rows) {
  if (rows.size() == 0) return;
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const std::int64_t id = append_block(connection, trial, bounds_of_open_trial(connection, trial), rows);
  add_link(connection, run_of(connection, trial), "block", id);
  transaction.commit();
}

void Store::add_fault(std::int64_t trial, const SurvivedFault& fault) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const std::int64_t id = insert_survived(connection, trial, bounds_of_open_trial(connection, trial), fault);
  add_link(connection, run_of(connection, trial), "survived_fault", id);
  transaction.commit();
}

void Store::end_trial(std::int64_t trial, const TrialEnd& end) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  bounds_of_open_trial(connection, trial);
  const std::int64_t id = insert_end(connection, trial, end);
  add_link(connection, run_of(connection, trial), "trial_end", id);
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

std::vector<DrawnRun> Store::drawn_runs(const Digest& vectors) const {
  Statement rows(
      database_->connection,
      "SELECT DISTINCT run.id, order_seed, model.digest, sampling FROM run JOIN trial ON trial.run = run.id"
      " JOIN model ON model.id = trial.model JOIN vector_set ON vector_set.id = trial.vector_set"
      " WHERE order_seed IS NOT NULL AND vector_set.digest = ? ORDER BY run.id, model.digest");
  rows.bind(Bytes(vectors.bytes));
  std::vector<DrawnRun> runs;
  while (rows.step()) {
    if (runs.empty() || runs.back().id != rows.integer(0)) {
      runs.push_back({rows.integer(0), static_cast<std::uint64_t>(rows.integer(1)), rows.text(3), {}});
    }
    runs.back().models.push_back(rows.digest(2));
  }
  return runs;
}

std::optional<RunRecord> Store::run(std::int64_t id) const {
  Statement row(database_->connection, std::string(kRunColumns) + "WHERE id = ?");
  row.bind(id);
  if (!row.step()) return std::nullopt;
  return run_at(row);
}

std::vector<Trial> Store::trials(std::int64_t run) const {
  std::vector<Trial> trials = trials_without_rows(run);
  for (Trial& trial : trials) trial.rows = rows(trial.id);
  return trials;
}

std::vector<Trial> Store::trials_without_rows(std::int64_t run) const {
  return load_trials(database_->connection, run);
}

InferenceRows Store::rows(std::int64_t trial) const { return load_rows(database_->connection, trial); }

Digest Store::chain_head(std::int64_t run) const { return load_head(database_->connection, run); }

std::optional<BrokenLink> Store::verify_chain(std::int64_t run) const {
  return find_broken_link(database_->connection, run);
}

std::optional<std::string> Store::unlike_schema() const {
  return tinyhil::unlike_schema(database_->connection);
}

void Store::snapshot(std::int64_t run, const std::filesystem::path& file) const {
  copy_run(database_->connection, run, file);
}

}  // namespace tinyhil
