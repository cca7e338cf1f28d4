// SPDX-License-Identifier: Apache-2.0
// The results database: one SQLite file, write-ahead logged. Facts are appended, never changed; every
// (trial, vector, repeat) is stored exactly once. The only folder that knows SQL.
//
// Every failure is an Error: usage for a file that is no tinyhil database or comes from a newer version,
// bench_fault for one that is locked, read-only, or on a full disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/run_record.hpp"
#include "model/trial.hpp"

namespace tinyhil {

// What a run has shown of an order: of these models, by digest, ascending, each once.
struct DrawnRun {
  std::int64_t id = 0;
  std::uint64_t seed = 0;
  std::string sampling;  // as RunRecord has it
  std::vector<Digest> models;
};

// Where a run is not what was stored: a row was changed, removed or put in, or its link was.
struct BrokenLink {
  std::string table;
  std::int64_t row = 0;  // its id
  std::string what;      // "the row is missing"
};

class Store {
 public:
  enum class Access { read_write, read_only };

  // read_write creates the file and its folder and migrates an older one; read_only needs it to exist.
  static Store open(const std::filesystem::path& file, Access access);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  std::int64_t begin_run(const RunRecord& run);  // run.id is ignored; returns the new one
  void end_run(std::int64_t run);                // it came to its end; nothing of it is to be resumed
  std::int64_t begin_trial(std::int64_t run, const TrialInfo& info);

  // All rows or none, in one transaction. Throws Error(bench_fault) when one of them is already there.
  void append(std::int64_t trial, const InferenceRows& rows);
  void add_fault(std::int64_t trial, const SurvivedFault& fault);  // refuses a trial that has ended
  void end_trial(std::int64_t trial, const TrialEnd& end);

  std::vector<RunRecord> runs() const;  // newest first
  std::optional<RunRecord> latest_run(const std::string& campaign) const;
  // The campaign's latest run, if it was of a file with this digest and end_run() was never called for it.
  std::optional<RunRecord> unfinished_run(const std::string& campaign, const Digest& campaign_digest) const;
  std::optional<RunRecord> run(std::int64_t id) const;
  std::vector<Trial> trials(std::int64_t run) const;  // with rows, ordered by vector and repeat
  std::vector<Trial> trials_without_rows(std::int64_t run) const;
  InferenceRows rows(
      std::int64_t trial) const;  // ordered by vector and repeat; none for a trial that is not there

  // Runs that drew vectors of this set in an order made of a seed, oldest first.
  std::vector<DrawnRun> drawn_runs(const Digest& vectors) const;

  // Every row of a run is in its chain of digests (chain.hpp), whose head stands for all of them.
  Digest chain_head(std::int64_t run) const;
  std::optional<BrokenLink> verify_chain(std::int64_t run) const;  // reads the whole run
  // The first table, view, index or trigger that no tinyhil makes: to be asked of a file from a stranger.
  std::optional<std::string> unlike_schema() const;
  // One run with all that it refers to, as a database of its own in a new file that needs no other beside it.
  // The same rows give the same bytes, for one version of SQLite.
  void snapshot(std::int64_t run, const std::filesystem::path& file) const;

 private:
  struct Database;
  explicit Store(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace tinyhil
