// SPDX-License-Identifier: Apache-2.0
// In which order a run draws its vectors, when it is looked at, and when a candidate needs no more of them.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "campaign/inputs.hpp"
#include "model/run_record.hpp"
#include "model/trial.hpp"

namespace tinyhil::campaign {

// Throws Error(usage) when the run drew and looked by other rules than the policy asks for. One that took the
// whole set as it is may be judged by any.
void check_same_sampling(const RunRecord& run, const Inputs& inputs);

struct LookOutcome {
  std::set<std::string> settled;           // candidates that need no more vectors
  std::map<std::string, Outcome> decided;  // those of them that pass or fail by this look
};

class EarlyStop {
 public:
  // Throws as check_same_sampling(): a run that is resumed goes on as it began.
  EarlyStop(const Inputs& inputs, const RunRecord& run);

  std::vector<std::uint32_t> order() const;  // empty: as in the set
  std::vector<std::uint64_t> looks() const;  // empty: one, at the whole set

  // By the trials that the run has stored when it has drawn so many vectors. The run as it is now: its id is
  // given when its first trial begins.
  LookOutcome settled(const RunRecord& run, std::vector<Trial> trials, std::uint64_t drawn);

  // The run ended undecided and may be resumed.
  bool is_out_of_time() const { return is_out_of_time_; }

 private:
  const Inputs& inputs_;
  const RunRecord& run_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::set<std::string> settled_;
  bool is_out_of_time_ = false;
};

}  // namespace tinyhil::campaign
