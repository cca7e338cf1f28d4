// SPDX-License-Identifier: Apache-2.0
// The results database: one SQLite file, write-ahead logged; also what a bundle of evidence holds of its run.
// This folder is the only one that knows SQL.
#pragma once

#include "model/inference_rows.hpp"
#include "store/internal/fact_clock.hpp"
#include "store/run_store.hpp"

namespace tinyhil::store {

class SqliteStore final : public RunStore {
 public:
  // read_write creates the file and its folder and migrates an older one; read_only needs it to exist.
  static SqliteStore open(const std::filesystem::path& file, StoreAccess access,
                          FactClock clock = system_fact_time);
  // True when this copy, maybe a stranger's, was of an older version; then it is migrated. Error(bench_fault)
  // where its schema is not what tinyhil makes of that version.
  static bool upgrade_copy(const std::filesystem::path& file);

  SqliteStore(SqliteStore&&) noexcept;
  SqliteStore& operator=(SqliteStore&&) noexcept;
  ~SqliteStore() override;

  std::string place() const override;
  std::int64_t begin_run(const RunRecord& run) override;
  void add_verdict(std::int64_t run, const RunVerdict& verdict) override;
  void add_failed_attempt(std::int64_t run, const FailedAttempt& attempt) override;
  void end_run(std::int64_t run) override;
  std::int64_t begin_trial(std::int64_t run, const TrialInfo& info) override;
  void append(std::int64_t trial, const InferenceRows& rows) override;
  void add_fault(std::int64_t trial, const SurvivedFault& fault) override;
  void end_trial(std::int64_t trial, const TrialEnd& end) override;
  void together(const std::function<void()>& work) override;
  std::int64_t begin_recording(std::int64_t run, const RecordingInfo& info) override;
  void add_windows(std::int64_t recording, std::span<const MeasuredWindow> windows) override;
  void end_recording(std::int64_t recording, const RecordingEnd& end) override;

  std::vector<RunRecord> runs() const override;
  std::optional<RunRecord> latest_run(const std::string& campaign) const override;
  std::optional<RunRecord> run(std::int64_t id) const override;
  bool has_ended(std::int64_t run) const override;
  std::vector<RunVerdict> verdicts(std::int64_t run) const override;
  std::vector<Trial> trials(std::int64_t run) const override;
  std::vector<Trial> trials_without_rows(std::int64_t run) const override;
  std::vector<Recording> recordings(std::int64_t run) const override;
  InferenceRows rows(std::int64_t trial) const override;

  void know_model(const Digest& file, const Digest& graph) override;
  void know_vectors(const Digest& file, const VectorContent& content) override;
  std::optional<VectorContent> vectors_of(const Digest& file) const override;
  std::vector<SeenRun> seen_runs() const override;

  Digest chain_head(std::int64_t run) const override;
  std::optional<BrokenLink> verify_chain(std::int64_t run) const override;

  // One run with all that it refers to, as a database of its own in a new file that needs no other beside it:
  // the form of evidence. The same rows give the same bytes, for one version of SQLite.
  void snapshot(std::int64_t run, const std::filesystem::path& file) const;

  // The first table, view, index or trigger that no tinyhil makes: to be asked of a file from a stranger.
  std::optional<std::string> unlike_schema() const;

 private:
  struct Database;
  explicit SqliteStore(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace tinyhil::store
