// SPDX-License-Identifier: Apache-2.0
// What a trial's output is worth to the task of its vectors.
#pragma once

#include <cstdint>
#include <vector>

#include "model/scorecard.hpp"
#include "model/task.hpp"
#include "model/vector_set.hpp"
#include "outputs.hpp"

namespace tinyhil::metric {

struct ScoredAnswer {
  float score = 0;
  std::uint16_t predicted = Scorecard::kNoClass;  // where the task has classes
};

// One thread's. Where the largest element is the class, that is read from the bytes as they are; every other
// task gets the elements as real numbers.
class OutputScorer {
 public:
  // Both are lent. The task must be able to score such outputs (Task::check_output()).
  OutputScorer(const TrialInfo& info, const VectorSet& vectors);

  // `output` is meaningful (rows.hpp).
  ScoredAnswer score(Output output, std::size_t vector);

 private:
  std::uint32_t largest(Output output) const;
  void decode(Output output);

  const TrialInfo& info_;
  const VectorSet& vectors_;
  bool class_is_largest_;
  std::vector<double> values_;  // of the output at hand
};

}  // namespace tinyhil::metric
