// SPDX-License-Identifier: Apache-2.0
// A RunStore that forgets: for tests of what stands on one, and the second backend that the interface is held
// against (store/run_store_test.cpp). Its chains are those of any store. facts() is what a test may change
// behind its back; what it gives back are the nouns that it was told.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "memory_facts.hpp"
#include "store/internal/fact_clock.hpp"
#include "store/run_store.hpp"

namespace tinyhil::test {

class MemoryStore : public store::RunStore {
 public:
  explicit MemoryStore(store::FactClock clock = store::system_fact_time) : clock_(std::move(clock)) {}

  MemoryFacts& facts() { return facts_; }

  std::string place() const override { return "memory"; }

  std::int64_t begin_run(const RunRecord& run) override;
  void add_verdict(std::int64_t run, const store::RunVerdict& verdict) override;
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
  std::vector<store::RunVerdict> verdicts(std::int64_t run) const override;
  std::vector<Trial> trials(std::int64_t run) const override;
  std::vector<Trial> trials_without_rows(std::int64_t run) const override;
  std::vector<Recording> recordings(std::int64_t run) const override;
  InferenceRows rows(std::int64_t trial) const override;

  void know_model(const Digest& file, const Digest& graph) override;
  void know_vectors(const Digest& file, const store::VectorContent& content) override;
  std::optional<store::VectorContent> vectors_of(const Digest& file) const override;
  std::vector<store::SeenRun> seen_runs() const override;

  Digest chain_head(std::int64_t run) const override;
  std::optional<store::BrokenLink> verify_chain(std::int64_t run) const override;

 private:
  struct Run {
    RunRecord record;
    std::vector<store::RunVerdict> verdicts{};
    bool has_ended = false;
  };
  struct StoredTrial {
    std::int64_t run = 0;
    Trial trial;
  };

  struct StoredRecording {
    std::int64_t run = 0;
    Recording recording;
  };

  Run& run_at(std::int64_t id);
  StoredRecording& open_recording(std::int64_t id);
  StoredTrial& open_trial(std::int64_t id);
  Digest content_of(const Digest& model) const;
  Digest values_of(const Digest& vectors) const;
  void count_earlier(const RunRecord& record, ModelOfRun& model) const;

  store::FactClock clock_;
  MemoryFacts facts_;
  std::vector<Run> runs_;                    // run n is at n - 1
  std::vector<StoredTrial> trials_;          // likewise
  std::vector<StoredRecording> recordings_;  // likewise
  std::map<std::string, Digest> graphs_;
  std::map<std::string, store::VectorContent> vectors_;
};

}  // namespace tinyhil::test
