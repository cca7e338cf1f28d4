// SPDX-License-Identifier: Apache-2.0
// Which vectors a candidate did not answer right, those first that the baseline has right: what an engineer
// looks at when a verdict says that some were lost. Example:
//
//   for (const FailedVector& failed : failed_vectors(candidate, baseline)) show(failed.vector);
#pragma once

#include <cstdint>
#include <vector>

#include "scorecard.hpp"

namespace tinyhil {

struct FailedVector {
  std::uint32_t vector = 0;
  bool is_lost = false;  // both were scored on it, and the baseline better
};

// All that the candidate was given and that have not the full score: wrong, without an answer, quarantined.
// Lost ones come first, those that lose most before others; then the lowest scores; equal ones by number.
// Both cards are of the same vectors (asserted).
std::vector<FailedVector> failed_vectors(const Scorecard& candidate, const Scorecard& baseline);

std::uint64_t count_lost(const std::vector<FailedVector>& failed);

}  // namespace tinyhil
