// SPDX-License-Identifier: Apache-2.0
// The results of a range of vectors as they arrive: in any order, more than once, or not at all.
#pragma once

#include <optional>
#include <vector>

#include "agent_link.hpp"

namespace tinyhil {

class ResultGrid {
 public:
  explicit ResultGrid(const RunRequest& request);

  // False when the result does not belong here: foreign vector, repeat or output size. A second copy of a
  // result is accepted and ignored.
  bool add(const thil_result& result);

  bool complete() const { return missing_ == 0; }
  std::size_t missing() const { return missing_; }

  std::uint32_t first_missing() const;  // ordinal in the vector set; needs !complete()

  // The part of the request from the first to the last vector with a missing result.
  RunRequest rest() const;

  InferenceRows take() { return std::move(rows_); }

 private:
  RunRequest request_;
  InferenceRows rows_;
  std::vector<bool> seen_;
  std::size_t missing_;
};

}  // namespace tinyhil
