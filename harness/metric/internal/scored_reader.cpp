// SPDX-License-Identifier: Apache-2.0
#include "counting.hpp"
#include "metric/output_scorer.hpp"
#include "model/task.hpp"
#include "output_reader.hpp"

namespace tinyhil::metric {
namespace {

Output row_of(Output outputs, std::size_t rows, std::size_t index) {
  const std::size_t size = outputs.size() / rows;
  return outputs.subspan(index * size, size);
}

class ScoredReader final : public OutputReader {
 public:
  ScoredReader(const TrialInfo& candidate, const TrialInfo& baseline, const VectorSet& vectors, bool steps)
      : task_(vectors.task->traits()),
        dtype_(baseline.output.only().dtype),
        candidate_(candidate, vectors),
        baseline_(baseline, vectors),
        steps_(steps) {}

  void read(const PairBlock& block, const Classes& classes) override {
    for (std::size_t i = 0; i < block.size; ++i) {
      const std::size_t vector = block.vectors.empty() ? block.first + i : block.vectors[i];
      const Output theirs = row_of(block.baseline, block.size, i);
      classes.baseline[i] = code(baseline_.score(theirs, vector));
      classes.candidate[i] = kNoClass;
      if (block.candidate.empty()) continue;
      const Output ours = row_of(block.candidate, block.size, i);
      classes.candidate[i] = code(candidate_.score(ours, vector));
      if (steps_) largest_steps_.push_back(difference(dtype_, theirs, ours).max_lsb);
    }
  }

  void drift_into(ScoreDrift& drift) const override { drift.largest_step = histogram_of(largest_steps_); }

 private:
  std::uint16_t code(const ScoredAnswer& answer) const {
    if (task_.has_classes) return answer.predicted;
    return answer.score == 1 ? kRightCode : kWrongCode;
  }

  TaskTraits task_;
  DType dtype_;
  OutputScorer candidate_, baseline_;
  bool steps_;
  std::vector<std::int64_t> largest_steps_;
};

}  // namespace

std::unique_ptr<OutputReader> scored_reader(const Trial& candidate, const Trial& baseline,
                                            const VectorSet& vectors, bool steps) {
  return std::make_unique<ScoredReader>(candidate.info, baseline.info, vectors, steps);
}

}  // namespace tinyhil::metric
