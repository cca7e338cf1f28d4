// SPDX-License-Identifier: Apache-2.0
// What a run has stored, by model: as each board found it, and all boards together.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "campaign/inputs.hpp"
#include "model/run_record.hpp"
#include "vector_owners.hpp"

namespace tinyhil::campaign {

class RunTrials {
 public:
  // end_at: as if the run, which goes on, had ended with the first so many vectors. A model whose turn did
  // not come has a trial without rows. Throws Error(usage) for trials of other vectors or models than the
  // inputs', and of boards that are not alike.
  RunTrials(std::vector<Trial> stored, const RunRecord& run, const Inputs& inputs,
            std::optional<std::uint64_t> end_at = std::nullopt);

  // Names of those that divided the vectors; one empty name when a single board ran all.
  const std::vector<std::string>& boards() const { return boards_; }
  const Trial& of(const std::string& model) const;  // over all boards
  const Trial& of(const std::string& model, const std::string& board) const;
  // Which of several boards ran what; nothing when a single one ran all.
  const std::optional<VectorOwners>& owners() const { return owners_; }
  // Of several boards: it failed or was stopped, and the others have come to the end without it. What it ran
  // counts as a whole.
  bool has_left(const std::string& board) const { return left_.contains(board); }
  // Of all boards that ran a part of it, each once.
  std::vector<BoardIdentity> identities() const;
  // The baseline's second run there; nothing when the run has none, as runs of older versions.
  const Trial* control(const std::string& board) const;

 private:
  const Trial* find(const std::string& model, const std::string& board, TrialRole role) const;
  void complete_model(const ModelFile& model, const Inputs& inputs);
  void forget_false_starts();
  const Trial* whole(const std::string& model) const;  // on any board; nullptr: on none
  bool has_all_rows(const std::string& model) const;
  void close_what_was_left(const Inputs& inputs);
  void pool(const Inputs& inputs);

  std::vector<std::string> boards_;
  std::vector<Trial> stored_;
  std::set<std::string> left_;
  std::optional<VectorOwners> owners_;
  std::vector<Trial> pooled_;  // of several boards, one a model
};

}  // namespace tinyhil::campaign
