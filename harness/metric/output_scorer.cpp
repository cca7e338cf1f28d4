// SPDX-License-Identifier: Apache-2.0
#include "output_scorer.hpp"

#include "metric/internal/top_k.hpp"

namespace tinyhil::metric {

OutputScorer::OutputScorer(const TrialInfo& info, const VectorSet& vectors)
    : info_(info), vectors_(vectors), class_is_largest_(vectors.task->traits().class_is_largest) {}

ScoredAnswer OutputScorer::score(Output output, std::size_t vector) {
  if (class_is_largest_) {
    const auto predicted = static_cast<std::uint16_t>(largest(output));
    return {predicted == vectors_.labels[vector] ? 1.0F : 0.0F, predicted};
  }
  decode(output);
  return {static_cast<float>(vectors_.task->score(values_, vectors_, vector)),
          vectors_.task->class_of(values_).value_or(Scorecard::kNoClass)};
}

std::uint32_t OutputScorer::largest(Output output) const {
  const DType dtype = info_.output.only().dtype;
  return info_.top_k > 0 ? TopK(dtype, output).element(0) : argmax(dtype, output);
}

void OutputScorer::decode(Output output) {
  const Tensor& tensor = info_.output.only();
  values_.resize(tensor.elements());
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = real_at(tensor, output, i);
}

}  // namespace tinyhil::metric
