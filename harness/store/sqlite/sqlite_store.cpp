// SPDX-License-Identifier: Apache-2.0
#include "sqlite_store.hpp"

#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "blocks.hpp"
#include "chain.hpp"
#include "checked_row.hpp"
#include "connection.hpp"
#include "contents.hpp"
#include "migrations.hpp"
#include "model/limits.hpp"
#include "name_list.hpp"
#include "open.hpp"
#include "run_models.hpp"
#include "run_sampling.hpp"
#include "snapshot.hpp"
#include "survived.hpp"
#include "trials.hpp"

namespace tinyhil {

struct SqliteStore::Database {
  Connection connection;
};

namespace {

constexpr std::string_view kRunColumns =
    "SELECT id, campaign, campaign_file, campaign_digest, bench, policy_digest, started_at, host, version, "
    "order_seed, boards, "
    "(SELECT seed FROM run_order NOT INDEXED WHERE run = run.id ORDER BY id LIMIT 1), "
    "(SELECT origin FROM run_order NOT INDEXED WHERE run = run.id ORDER BY id LIMIT 1) "
    "FROM run ";

std::vector<std::string> boards_at(const CheckedRow& row) {
  // A comma ends each name, and a name has at most 64 characters.
  std::vector<std::string> names = split(row.text(10, kBoardsMax * 65), ',');
  if (names.size() > kBoardsMax) row.refuse("it names more than " + std::to_string(kBoardsMax) + " boards");
  const std::set<std::string> different(names.begin(), names.end());
  if (different.size() != names.size()) row.refuse("it names a board twice");
  return names;
}

// In runs of older versions the seed is a column of theirs.
void read_order(const CheckedRow& row, const Statement& stored, RunRecord& run) {
  const bool has_order = !stored.is_null(11);
  if (has_order) run.seed_origin = row.text(12) == "chosen" ? SeedOrigin::chosen : SeedOrigin::drawn;
  if (has_order || !stored.is_null(9))
    run.order_seed = static_cast<std::uint64_t>(stored.integer(has_order ? 11 : 9));
}

RunRecord run_at(Connection& connection, const Statement& stored) {
  const CheckedRow row(connection, stored, "run " + std::to_string(stored.integer(0)));
  RunRecord run;
  run.id = stored.integer(0);
  run.campaign = row.text(1);
  run.campaign_file = row.text(2);
  run.campaign_digest = stored.digest(3);
  run.bench = row.text(4);
  run.policy_digest = stored.digest(5);
  run.started_at = row.text(6);
  run.host = row.text(7);
  run.version = row.text(8);
  if (!stored.is_null(10)) run.boards = boards_at(row);
  run.sampling = load_sampling(connection, run.id);
  if (run.sampling) read_order(row, stored, run);
  load_models(connection, run);
  return run;
}

// After the models, in the chain too.
void insert_order(Connection& connection, std::int64_t run, const RunRecord& record) {
  Statement insert(connection, "INSERT INTO run_order (run, seed, origin) VALUES (?,?,?)");
  insert.bind(run)
      .bind(static_cast<std::int64_t>(record.order_seed))
      .bind(to_string(record.seed_origin))
      .run();
  add_link(connection, run, "run_order", connection.last_row_id());
}

}  // namespace

SqliteStore::SqliteStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}
SqliteStore::SqliteStore(SqliteStore&&) noexcept = default;
SqliteStore& SqliteStore::operator=(SqliteStore&&) noexcept = default;
SqliteStore::~SqliteStore() = default;

SqliteStore SqliteStore::open(const std::filesystem::path& file, StoreAccess access) {
  Connection connection = access == StoreAccess::read_write ? open_for_writing(file) : open_for_reading(file);
  return SqliteStore(std::make_unique<Database>(Database{std::move(connection)}));
}

bool SqliteStore::upgrade_copy(const std::filesystem::path& file) { return tinyhil::upgrade_copy(file); }

std::string SqliteStore::place() const { return database_->connection.file().string(); }

std::int64_t SqliteStore::begin_run(const RunRecord& run) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  Statement insert(
      connection,
      "INSERT INTO run (campaign, campaign_file, campaign_digest, bench, policy_digest, started_at,"
      " host, version, boards) VALUES (?,?,?,?,?,?,?,?,?)");
  insert.bind(run.campaign).bind(run.campaign_file).bind(Bytes(run.campaign_digest.bytes)).bind(run.bench);
  insert.bind(Bytes(run.policy_digest.bytes)).bind(run.started_at).bind(run.host).bind(run.version);
  const std::string boards = join(run.boards, ',');  // lent to the statement
  if (!run.boards.empty()) insert.bind(boards);
  insert.run();
  const std::int64_t id = connection.last_row_id();
  add_link(connection, id, "run", id);
  for (const std::int64_t model : insert_models(connection, id, run))
    add_link(connection, id, "run_model", model);
  if (run.sampling) add_link(connection, id, "run_sampling", insert_sampling(connection, id, *run.sampling));
  if (run.seed_origin != SeedOrigin::unstated) insert_order(connection, id, run);
  transaction.commit();
  return id;
}

void SqliteStore::add_verdict(std::int64_t run, const RunVerdict& verdict) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  Statement insert(
      connection,
      "INSERT INTO run_verdict (run, model_name, policy_digest, outcome, judged_at) VALUES (?,?,?,?,?)");
  insert.bind(run).bind(verdict.model).bind(Bytes(verdict.policy_digest.bytes)).bind(verdict.outcome);
  insert.bind(verdict.judged_at).run();
  add_link(connection, run, "run_verdict", connection.last_row_id());
  transaction.commit();
}

void SqliteStore::end_run(std::int64_t run) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  if (has_ended(run)) return;
  Statement insert(connection, "INSERT INTO run_end (run) VALUES (?)");
  insert.bind(run).run();
  add_link(connection, run, "run_end", connection.last_row_id());
  transaction.commit();
}

std::int64_t SqliteStore::begin_trial(std::int64_t run, const TrialInfo& info) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const std::int64_t id = insert_trial(connection, run, info);
  add_links_of_trial(connection, run, id);
  transaction.commit();
  return id;
}

void SqliteStore::append(std::int64_t trial, const InferenceRows& rows) {
  if (rows.size() == 0) return;
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const std::int64_t id = append_block(connection, trial, bounds_of_open_trial(connection, trial), rows);
  add_link(connection, run_of(connection, trial), "block", id);
  transaction.commit();
}

void SqliteStore::add_fault(std::int64_t trial, const SurvivedFault& fault) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const std::int64_t id = insert_survived(connection, trial, bounds_of_open_trial(connection, trial), fault);
  add_link(connection, run_of(connection, trial), "survived_fault", id);
  transaction.commit();
}

void SqliteStore::end_trial(std::int64_t trial, const TrialEnd& end) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  bounds_of_open_trial(connection, trial);
  const std::int64_t id = insert_end(connection, trial, end);
  add_link(connection, run_of(connection, trial), "trial_end", id);
  transaction.commit();
}

std::vector<RunRecord> SqliteStore::runs() const {
  Statement rows(database_->connection, std::string(kRunColumns) + "ORDER BY id DESC");
  std::vector<RunRecord> runs;
  while (rows.step()) runs.push_back(run_at(database_->connection, rows));
  return runs;
}

// A run whose name was damaged must not make way for an older one: those that are newer than the answer are
// held to their links.
std::optional<RunRecord> SqliteStore::latest_run(const std::string& campaign) const {
  Connection& connection = database_->connection;
  const Reading one_moment(connection);
  Statement rows(connection, std::string(kRunColumns) + "ORDER BY id DESC");
  std::int64_t linked = linked_run_before(connection, std::numeric_limits<std::int64_t>::max());
  while (rows.step()) {
    RunRecord run = run_at(connection, rows);
    if (run.id < linked) break;
    if (const auto broken = find_broken_run(connection, run.id)) fail_broken(run.id, *broken);
    if (run.campaign == campaign) return run;
    linked = linked_run_before(connection, run.id);
  }
  if (linked > 0) fail_broken(linked, {"run", linked, "the row is missing"});
  return std::nullopt;
}

bool SqliteStore::has_ended(std::int64_t run) const {
  Statement end(database_->connection, "SELECT 1 FROM run_end WHERE run = ?");
  return end.bind(run).step();
}

void SqliteStore::know_model(const Digest& file, const Digest& graph) {
  insert_model_content(database_->connection, file, graph);
}

void SqliteStore::know_vectors(const Digest& file, const VectorContent& content) {
  insert_vector_content(database_->connection, file, content);
}

std::optional<VectorContent> SqliteStore::vectors_of(const Digest& file) const {
  return load_vector_content(database_->connection, file);
}

std::vector<SeenRun> SqliteStore::seen_runs() const { return load_seen_runs(database_->connection); }

std::optional<RunRecord> SqliteStore::run(std::int64_t id) const {
  Statement row(database_->connection, std::string(kRunColumns) + "WHERE id = ?");
  row.bind(id);
  if (!row.step()) return std::nullopt;
  return run_at(database_->connection, row);
}

std::vector<Trial> SqliteStore::trials(std::int64_t run) const {
  std::vector<Trial> trials = trials_without_rows(run);
  for (Trial& trial : trials)
    trial.rows = load_rows(database_->connection, trial.id, WantedColumns::measured);
  return trials;
}

std::vector<Trial> SqliteStore::trials_without_rows(std::int64_t run) const {
  return load_trials(database_->connection, run);
}

InferenceRows SqliteStore::rows(std::int64_t trial) const { return load_rows(database_->connection, trial); }

Digest SqliteStore::chain_head(std::int64_t run) const { return load_head(database_->connection, run); }

std::optional<BrokenLink> SqliteStore::verify_chain(std::int64_t run) const {
  return find_broken_link(database_->connection, run);
}

std::optional<std::string> SqliteStore::unlike_schema() const {
  return tinyhil::unlike_schema(database_->connection);
}

void SqliteStore::snapshot(std::int64_t run, const std::filesystem::path& file) const {
  copy_run(database_->connection, run, file);
}

}  // namespace tinyhil
