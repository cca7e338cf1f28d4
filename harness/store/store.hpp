// SPDX-License-Identifier: Apache-2.0
// The results database: one SQLite file, write-ahead logged. Facts are appended, never changed; every
// (trial, vector, repeat) is stored exactly once. The only folder that knows SQL.
//
// Every failure is an Error: usage for a file that is no tinyhil database or comes from a newer version,
// bench_fault for one that is locked, read-only, or on a full disk. A Store belongs to one thread at a time;
// any number of Stores, in any processes, may have one file open. What a call has written is on the disk when
// it returns. Example:
//
//   Store store = Store::open("results/tinyhil.db", Store::Access::read_write);
//   const std::int64_t trial = store.begin_trial(store.begin_run(run), info);
//   store.append(trial, rows);
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

// What a run has shown: results of these models on vectors of this set.
struct SeenRun {
  std::int64_t id = 0;
  std::uint64_t seed = 0;
  std::string sampling;        // as in RunRecord; empty: the whole set
  Digest vectors;              // of the file
  std::vector<Digest> models;  // by what they compute (know_model()), else by file; ascending, each once
};

// What a set of vectors holds.
struct VectorContent {
  Digest values;                     // of inputs and labels, in their order (VectorSet::values)
  std::vector<std::uint64_t> marks;  // one per vector, ascending (sampling/vector_marks.hpp)
};

// What was said of a candidate when its run had come to its end.
struct RunVerdict {
  std::string model;
  Digest policy_digest;
  std::string outcome;
  std::string judged_at;
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

  // Returns the new id; run.id is ignored. Stores the run's models with what this database has of their
  // earlier runs, and then the seed of its order, where its origin is stated.
  std::int64_t begin_run(const RunRecord& run);
  void add_verdict(std::int64_t run, const RunVerdict& verdict);  // the last one of a model counts
  void end_run(std::int64_t run);  // it came to its end; nothing of it is to be resumed
  std::int64_t begin_trial(std::int64_t run, const TrialInfo& info);

  // All rows or none, in one transaction. Throws Error(bench_fault) when one of them is already there.
  void append(std::int64_t trial, const InferenceRows& rows);
  void add_fault(std::int64_t trial, const SurvivedFault& fault);  // refuses a trial that has ended
  void end_trial(std::int64_t trial, const TrialEnd& end);

  // What is read is held to what tinyhil stores (checked_row.hpp, blocks.hpp), also in a file that somebody
  // changed: Error(bench_fault) naming what is out of bounds. Whether it is what was stored, tells the chain.
  std::vector<RunRecord> runs() const;  // newest first
  std::optional<RunRecord> latest_run(const std::string& campaign) const;
  // The campaign's latest run, if it was of a file with this digest and end_run() was never called for it.
  std::optional<RunRecord> unfinished_run(const std::string& campaign, const Digest& campaign_digest) const;
  std::optional<RunRecord> run(std::int64_t id) const;
  // With rows, ordered by vector and repeat; of their columns those that every row has (RowColumn::missing).
  std::vector<Trial> trials(std::int64_t run) const;
  std::vector<Trial> trials_without_rows(std::int64_t run) const;
  // All columns, ordered by vector and repeat; no row for a trial that is not there.
  InferenceRows rows(std::int64_t trial) const;

  // What a file holds, by which it is known again when it is saved in another way: what a model computes
  // (formats/tflite_graph.hpp), which vectors a set has. Both follow from the file, so they are no facts of a
  // run and in no chain.
  void know_model(const Digest& file, const Digest& graph);
  void know_vectors(const Digest& file, const VectorContent& content);
  std::optional<VectorContent> vectors_of(const Digest& file) const;

  std::vector<SeenRun> seen_runs() const;  // all that have stored a result, oldest first

  // Every row of a run is in its chain of digests (chain.hpp), whose head stands for all of them.
  Digest chain_head(std::int64_t run) const;
  std::optional<BrokenLink> verify_chain(std::int64_t run) const;  // reads the whole run
  void require_intact(std::int64_t run) const;  // throws Error(bench_fault) naming the broken link
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
