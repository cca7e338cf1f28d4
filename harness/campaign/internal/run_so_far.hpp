// SPDX-License-Identifier: Apache-2.0
// The trials of a run that goes on, as its store would give them: an interim look reads what has come since
// the last one, and not the store.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/inference_rows.hpp"
#include "model/trial.hpp"

namespace tinyhil::campaign {

class RunSoFar {
 public:
  RunSoFar() = default;
  explicit RunSoFar(std::vector<Trial> earlier);  // of RunStore::trials(), when the run is taken up again

  void begin(std::int64_t trial, const TrialInfo& info);
  void append(std::int64_t trial, const InferenceRows& rows);
  void survived(std::int64_t trial, const SurvivedFault& fault);
  void end(std::int64_t trial, const TrialEnd& end);

  // As RunStore::trials(): rows ordered by vector and repeat, without the columns that a comparison does not
  // read.
  std::vector<Trial> trials();

 private:
  struct Growing {
    Trial trial;
    std::size_t ordered = 0;  // rows that are in order
  };
  Growing& at(std::int64_t trial) { return trials_[index_.at(trial)]; }
  static void put_in_order(Growing& growing);

  std::vector<Growing> trials_;  // in the order in which they began
  std::map<std::int64_t, std::size_t> index_;
};

}  // namespace tinyhil::campaign
