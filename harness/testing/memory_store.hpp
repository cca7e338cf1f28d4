// SPDX-License-Identifier: Apache-2.0
// A RunStore that forgets: for tests of what stands on one, and the second backend that the interface is held
// against (store/run_store_test.cpp). Nothing changes it behind its back, so its chains are always whole.
#pragma once

#include <map>

#include "store/run_store.hpp"

namespace tinyhil {

class MemoryStore : public RunStore {
 public:
  std::string place() const override { return "memory"; }

  std::int64_t begin_run(const RunRecord& run) override;
  void add_verdict(std::int64_t run, const RunVerdict& verdict) override;
  void end_run(std::int64_t run) override;
  std::int64_t begin_trial(std::int64_t run, const TrialInfo& info) override;
  void append(std::int64_t trial, const InferenceRows& rows) override;
  void add_fault(std::int64_t trial, const SurvivedFault& fault) override;
  void end_trial(std::int64_t trial, const TrialEnd& end) override;

  std::vector<RunRecord> runs() const override;
  std::optional<RunRecord> latest_run(const std::string& campaign) const override;
  std::optional<RunRecord> run(std::int64_t id) const override;
  bool has_ended(std::int64_t run) const override;
  std::vector<Trial> trials(std::int64_t run) const override;
  std::vector<Trial> trials_without_rows(std::int64_t run) const override;
  InferenceRows rows(std::int64_t trial) const override;

  void know_model(const Digest& file, const Digest& graph) override;
  void know_vectors(const Digest& file, const VectorContent& content) override;
  std::optional<VectorContent> vectors_of(const Digest& file) const override;
  std::vector<SeenRun> seen_runs() const override;

  Digest chain_head(std::int64_t run) const override;
  std::optional<BrokenLink> verify_chain(std::int64_t) const override { return std::nullopt; }

 private:
  struct Run {
    RunRecord record;
    std::vector<RunVerdict> verdicts{};
    bool has_ended = false;
    std::uint64_t facts = 1;
  };
  struct StoredTrial {
    std::int64_t run = 0;
    Trial trial;
  };

  Run& run_at(std::int64_t id);
  StoredTrial& open_trial(std::int64_t id);
  Digest content_of(const Digest& model) const;
  Digest values_of(const Digest& vectors) const;
  void count_earlier(const RunRecord& record, ModelOfRun& model) const;

  std::vector<Run> runs_;            // run n is at n - 1
  std::vector<StoredTrial> trials_;  // likewise
  std::map<std::string, Digest> graphs_;
  std::map<std::string, VectorContent> vectors_;
};

}  // namespace tinyhil
