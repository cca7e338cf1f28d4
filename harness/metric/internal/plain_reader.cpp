// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <vector>

#include "counting.hpp"
#include "metric/outputs.hpp"
#include "output_reader.hpp"
#include "top_k.hpp"

namespace tinyhil::metric {
namespace {

std::int64_t largest_step(DType dtype, Output candidate, Output baseline) {
  std::int64_t largest = 0;
  for (std::size_t i = 0; i < baseline.size() / size_of(dtype); ++i) {
    const std::int64_t step = std::int64_t{step_at(dtype, candidate, i)} - step_at(dtype, baseline, i);
    largest = std::max(largest, step < 0 ? -step : step);
  }
  return largest;
}

// Between the largest element and the next.
std::int64_t gap(DType dtype, Output output, std::uint32_t top) {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  const std::int64_t largest = step_at(dtype, output, top);
  for (std::size_t i = 0; i < output.size() / size_of(dtype); ++i) {
    if (i != top) least = std::min(least, largest - step_at(dtype, output, i));
  }
  return least;
}

class PlainReader final : public OutputReader {
 public:
  PlainReader(const TrialInfo& candidate, const TrialInfo& baseline, bool steps)
      : candidate_(candidate), baseline_(baseline), steps_(steps) {}

  void read(const PairBlock& block, const Classes& classes) override {
    for (std::size_t i = 0; i < block.size; ++i) {
      const Output theirs = row(block.baseline, block.size, i);
      classes.baseline[i] = top_class(baseline_, theirs);
      classes.candidate[i] = kNoClass;
      if (block.candidate.empty()) continue;
      const Output ours = row(block.candidate, block.size, i);
      classes.candidate[i] = top_class(candidate_, ours);
      if (!steps_) continue;
      largest_steps_.push_back(largest_step(baseline_.output.front().dtype, ours, theirs));
      gaps_.push_back(gap(baseline_.output.front().dtype, theirs, classes.baseline[i]));
    }
  }

  void drift_into(ScoreDrift& drift) const override {
    drift.largest_step = histogram_of(largest_steps_);
    const std::int64_t reach = drift.largest_step.empty() ? 0 : 2 * drift.largest_step.back().value;
    drift.within_gap = static_cast<std::uint64_t>(
        std::count_if(gaps_.begin(), gaps_.end(), [&](std::int64_t gap) { return gap <= reach; }));
  }

 private:
  static Output row(Output outputs, std::size_t rows, std::size_t index) {
    const std::size_t size = outputs.size() / rows;
    return outputs.subspan(index * size, size);
  }
  static std::uint16_t top_class(const TrialInfo& info, Output output) {
    const DType dtype = info.output.front().dtype;
    return static_cast<std::uint16_t>(info.top_k > 0 ? TopK(dtype, output).element(0)
                                                     : argmax(dtype, output));
  }

  const TrialInfo& candidate_;
  const TrialInfo& baseline_;
  bool steps_;
  std::vector<std::int64_t> largest_steps_, gaps_;
};

}  // namespace

std::unique_ptr<OutputReader> plain_reader(const TrialInfo& candidate, const TrialInfo& baseline,
                                           bool steps) {
  return std::make_unique<PlainReader>(candidate, baseline, steps);
}

}  // namespace tinyhil::metric
