// SPDX-License-Identifier: Apache-2.0
// Where a campaign's results go and are found again. Facts are appended, never changed; every (trial, vector,
// repeat) is stored exactly once. What is kept is the caller's words (model/); how, is the backend's
// business, but not which facts a call gives, nor their numbers, bytes and links: stores that are told the
// same have the same chains (docs/formats/facts.md).
//
// Every failure is an Error: usage for a place that is no results of tinyhil or comes from a newer version,
// bench_fault for one that is locked, read-only, or on a full disk. A RunStore belongs to one thread at a
// time; any number of them, in any processes, may have one place open. What a call has written is durable
// when it returns, but for calls of together()'s work. Example:
//
//   const std::unique_ptr<RunStore> store = open_store("results/tinyhil.db", StoreAccess::read_write);
//   const std::int64_t trial = store->begin_trial(store->begin_run(run), info);
//   store->append(trial, rows);
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/inference_rows.hpp"
#include "model/recording.hpp"
#include "model/run_record.hpp"
#include "model/trial.hpp"

namespace tinyhil::store {

// What a run has shown: results of these models on vectors of this set.
struct SeenRun {
  std::int64_t id = 0;
  std::uint64_t seed = 0;
  std::optional<RunSampling> sampling;  // as in RunRecord; nothing: the whole set
  Digest vectors;                       // of the file
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

// Where a run is not what was stored: a fact was changed, removed or put in, or its link was.
struct BrokenLink {
  std::string table;     // the kind of the fact
  std::int64_t row = 0;  // its number
  std::string what;      // "the row is missing"
};

class RunStore {
 public:
  virtual ~RunStore() = default;

  // For messages: a file, or the address of a server without its secrets.
  virtual std::string place() const = 0;

  // Returns the new id; run.id is ignored. Stores the run's models with what this store has of their
  // earlier runs, then the seed of its order, where its origin is stated, and the attempts that failed.
  virtual std::int64_t begin_run(const RunRecord& run) = 0;
  virtual void add_verdict(std::int64_t run,
                           const RunVerdict& verdict) = 0;  // the last one of a model counts
  // After those that the run has; at most kFailedAttemptsMax together.
  virtual void add_failed_attempt(std::int64_t run, const FailedAttempt& attempt) = 0;
  virtual void end_run(std::int64_t run) = 0;  // it came to its end; nothing of it is to be resumed
  virtual std::int64_t begin_trial(std::int64_t run, const TrialInfo& info) = 0;

  // All rows or none, in one transaction. Throws Error(bench_fault) when one of them is already there.
  virtual void append(std::int64_t trial, const InferenceRows& rows) = 0;
  virtual void add_fault(std::int64_t trial,
                         const SurvivedFault& fault) = 0;  // refuses a trial that has ended
  virtual void end_trial(std::int64_t trial, const TrialEnd& end) = 0;

  // What the work writes here is durable when this returns, all of it or none: one wait for the disk where
  // each call would wait itself. The work only writes. Throws what it throws.
  virtual void together(const std::function<void()>& work) = 0;

  // What a meter records of a board. Windows come in the order in which they were made, all of a call or
  // none; a recording that has ended takes no more, and is not ended twice: Error(bench_fault).
  virtual std::int64_t begin_recording(std::int64_t run, const RecordingInfo& info) = 0;
  virtual void add_windows(std::int64_t recording, std::span<const MeasuredWindow> windows) = 0;
  virtual void end_recording(std::int64_t recording, const RecordingEnd& end) = 0;

  // What is read is held to the bounds of what tinyhil stores, also where somebody changed it:
  // Error(bench_fault) naming what is out of bounds. Whether it is what was stored, tells the chain.
  virtual std::vector<RunRecord> runs() const = 0;  // newest first
  virtual std::optional<RunRecord> latest_run(const std::string& campaign) const = 0;
  virtual std::optional<RunRecord> run(std::int64_t id) const = 0;
  virtual bool has_ended(std::int64_t run) const = 0;                    // end_run() was called for it
  virtual std::vector<RunVerdict> verdicts(std::int64_t run) const = 0;  // as they were added
  // Of their columns of rows those that every row has (RowColumn::missing), ordered by vector and repeat.
  virtual std::vector<Trial> trials(std::int64_t run) const = 0;
  virtual std::vector<Trial> trials_without_rows(std::int64_t run) const = 0;
  virtual std::vector<Recording> recordings(std::int64_t run) const = 0;  // oldest first
  // All columns, ordered by vector and repeat; no row for a trial that is not there.
  virtual InferenceRows rows(std::int64_t trial) const = 0;

  // What a file holds, by which it is known again when it is saved in another way: what a model computes
  // (formats/tflite_graph.hpp), which vectors a set has. Both follow from the file, so they are no facts of a
  // run and in no chain.
  virtual void know_model(const Digest& file, const Digest& graph) = 0;
  virtual void know_vectors(const Digest& file, const VectorContent& content) = 0;
  virtual std::optional<VectorContent> vectors_of(const Digest& file) const = 0;

  virtual std::vector<SeenRun> seen_runs() const = 0;  // all that have stored a result, oldest first

  // Every fact of a run is in its chain of digests, whose head stands for all of them.
  virtual Digest chain_head(std::int64_t run) const = 0;
  virtual std::optional<BrokenLink> verify_chain(std::int64_t run) const = 0;  // reads the whole run

  // The campaign's latest run, if it was of a file with this digest and end_run() was never called for it.
  std::optional<RunRecord> unfinished_run(const std::string& campaign, const Digest& campaign_digest) const;
  // Those by which the list, which is told from its beginning, is longer than the run's.
  void add_new_attempts(std::int64_t run, const std::vector<FailedAttempt>& all);
  void require_intact(std::int64_t run) const;  // throws Error(bench_fault) naming the broken link

 protected:
  // Throws Error(bench_fault): what was found in place of what was stored.
  [[noreturn]] void fail_broken(std::int64_t run, const BrokenLink& link) const;
};

enum class StoreAccess { read_write, read_only };

// The results at this place, today always a SqliteStore's file. read_write makes what is not there and
// brings an older one to today's form; read_only needs it to exist.
std::unique_ptr<RunStore> open_store(const std::filesystem::path& place, StoreAccess access);

}  // namespace tinyhil::store
