// SPDX-License-Identifier: Apache-2.0
#include "sqlite_store.hpp"

#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "connection.hpp"
#include "facts.hpp"
#include "model/inference_rows.hpp"
#include "model/limits.hpp"
#include "store/internal/facts_of_recording.hpp"
#include "store/internal/facts_of_run.hpp"
#include "store/internal/facts_of_trial.hpp"
#include "store/internal/name_list.hpp"
#include "store/sqlite/internal/blocks.hpp"
#include "store/sqlite/internal/checked_row.hpp"
#include "store/sqlite/internal/contents.hpp"
#include "store/sqlite/internal/migrations.hpp"
#include "store/sqlite/internal/open.hpp"
#include "store/sqlite/internal/recordings.hpp"
#include "store/sqlite/internal/run_models.hpp"
#include "store/sqlite/internal/run_sampling.hpp"
#include "store/sqlite/internal/snapshot.hpp"
#include "store/sqlite/internal/survived.hpp"
#include "store/sqlite/internal/trials.hpp"

namespace tinyhil::store {

struct SqliteStore::Database {
  Connection connection;
  FactClock clock;
};

namespace {

constexpr std::string_view kRunColumns =
    "SELECT id, campaign, campaign_file, campaign_digest, bench, policy_digest, started_at, host, version, "
    "order_seed, boards, "
    "(SELECT seed FROM run_order NOT INDEXED WHERE run = run.id ORDER BY id LIMIT 1), "
    "(SELECT origin FROM run_order NOT INDEXED WHERE run = run.id ORDER BY id LIMIT 1), "
    "machine, user_name, git_commit "
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

std::string text_or_nothing(const CheckedRow& row, const Statement& stored, int column) {
  return stored.is_null(column) ? "" : row.text(column);
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
  run.machine = text_or_nothing(row, stored, 13);
  run.user = text_or_nothing(row, stored, 14);
  run.commit = text_or_nothing(row, stored, 15);
  run.failed_attempts = load_failed_attempts(connection, run.id);
  return run;
}

}  // namespace

SqliteStore::SqliteStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}
SqliteStore::SqliteStore(SqliteStore&&) noexcept = default;
SqliteStore& SqliteStore::operator=(SqliteStore&&) noexcept = default;
SqliteStore::~SqliteStore() = default;

SqliteStore SqliteStore::open(const std::filesystem::path& file, StoreAccess access, FactClock clock) {
  Connection connection = access == StoreAccess::read_write ? open_for_writing(file) : open_for_reading(file);
  return SqliteStore(std::make_unique<Database>(Database{std::move(connection), std::move(clock)}));
}

bool SqliteStore::upgrade_copy(const std::filesystem::path& file) { return store::upgrade_copy(file); }

std::string SqliteStore::place() const { return database_->connection.file().string(); }

std::int64_t SqliteStore::begin_run(const RunRecord& run) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  RunRecord stored = run;
  stored.id = add_run_fact(connection, fact_of_run(run));
  for (ModelOfRun& model : stored.models)
    if (model.is_candidate) count_earlier_runs(connection, stored, model);
  for (const Fact& fact : facts_beside_run(stored)) add_fact(connection, stored.id, fact);
  transaction.commit();
  return stored.id;
}

void SqliteStore::add_verdict(std::int64_t run, const RunVerdict& verdict) {
  Transaction transaction(database_->connection);
  add_fact(database_->connection, run, fact_of_verdict(run, verdict));
  transaction.commit();
}

void SqliteStore::add_failed_attempt(std::int64_t run, const FailedAttempt& attempt) {
  Transaction transaction(database_->connection);
  add_fact(database_->connection, run, fact_of_failed_attempt(run, attempt));
  transaction.commit();
}

void SqliteStore::end_run(std::int64_t run) {
  Transaction transaction(database_->connection);
  if (has_ended(run)) return;
  add_fact(database_->connection, run, fact_of_run_end(run, database_->clock()));
  transaction.commit();
}

std::int64_t SqliteStore::begin_trial(std::int64_t run, const TrialInfo& info) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  Fact trial = fact_of_trial(run, info, database_->clock());
  for (const TrialIdentity& identity : identities_of(info))
    trial.set(identity.field, add_identity(connection, run, identity.fact));
  const std::int64_t id = add_fact(connection, run, trial);
  for (const Fact& tensor : facts_of_further_tensors(id, info)) add_fact(connection, run, tensor);
  transaction.commit();
  return id;
}

void SqliteStore::append(std::int64_t trial, const InferenceRows& rows) {
  if (rows.size() == 0) return;
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  check_new_rows(connection, trial, bounds_of_open_trial(connection, trial), rows);
  add_fact(connection, run_of(connection, trial), fact_of_block(trial, rows));
  transaction.commit();
}

void SqliteStore::add_fault(std::int64_t trial, const SurvivedFault& fault) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  check_survived(connection, trial, bounds_of_open_trial(connection, trial), fault);
  add_fact(connection, run_of(connection, trial), fact_of_survived(trial, fault, database_->clock()));
  transaction.commit();
}

void SqliteStore::end_trial(std::int64_t trial, const TrialEnd& end) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  bounds_of_open_trial(connection, trial);
  add_fact(connection, run_of(connection, trial), fact_of_trial_end(trial, end, database_->clock()));
  transaction.commit();
}

void SqliteStore::together(const std::function<void()>& work) {
  Transaction transaction(database_->connection);
  work();
  transaction.commit();
}

std::int64_t SqliteStore::begin_recording(std::int64_t run, const RecordingInfo& info) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const std::vector<double> ranges = numbers_of(info.meter.ranges);
  const std::int64_t id = add_fact(connection, run, fact_of_recording(run, info, ranges, database_->clock()));
  transaction.commit();
  return id;
}

void SqliteStore::add_windows(std::int64_t recording, std::span<const MeasuredWindow> windows) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const RecordingNumber number{run_of_open_recording(connection, recording), recording};
  for (const MeasuredWindow& window : windows)
    add_fact(connection, number.run, fact_of_window(number, window));
  transaction.commit();
}

void SqliteStore::end_recording(std::int64_t recording, const RecordingEnd& end) {
  Connection& connection = database_->connection;
  Transaction transaction(connection);
  const RecordingNumber number{run_of_open_recording(connection, recording), recording};
  add_fact(connection, number.run, fact_of_recording_end(number, end, database_->clock()));
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
    SqliteRun stored(connection, run.id);
    if (const auto broken = find_broken_start(stored, run.id)) fail_broken(run.id, *broken);
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

std::vector<RunVerdict> SqliteStore::verdicts(std::int64_t run) const {
  return load_verdicts(database_->connection, run);
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

std::vector<Recording> SqliteStore::recordings(std::int64_t run) const {
  return load_recordings(database_->connection, run);
}

InferenceRows SqliteStore::rows(std::int64_t trial) const { return load_rows(database_->connection, trial); }

Digest SqliteStore::chain_head(std::int64_t run) const { return load_head(database_->connection, run); }

std::optional<BrokenLink> SqliteStore::verify_chain(std::int64_t run) const {
  const Reading one_moment(database_->connection);  // others may append meanwhile
  SqliteRun stored(database_->connection, run);
  return find_broken_link(stored);
}

std::optional<std::string> SqliteStore::unlike_schema() const {
  return store::unlike_schema(database_->connection);
}

void SqliteStore::snapshot(std::int64_t run, const std::filesystem::path& file) const {
  copy_run(database_->connection, run, file);
}

}  // namespace tinyhil::store
