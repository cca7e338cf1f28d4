// SPDX-License-Identifier: Apache-2.0
// What paired outcomes prove about "the candidate is not worse by `margin`", by the method that the policy's
// `sampling` asks for: an e-process while one may look at any time, bounds of the mean at looks that are
// known beforehand, the SPRT beside bounds of an e-process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pairs.hpp"

namespace tinyhil::gate {

struct AccuracyEvidence {
  Interval bounds;                      // of the difference, each end one-sided at 1 - alpha
  const char* bounds_are = "interval";  // what they are called in a sentence
  double alpha = 0;
  double alpha_of_many = 0;  // that p_worse of several values is held against, adjusted for their number
  bool is_good = false;      // shown to be better than -margin
  double p_worse = 1;        // against "at least -margin"; at most alpha: shown to be worse
  std::optional<std::uint64_t> more_vectors;  // expected until it is shown to be good
  std::optional<std::uint64_t> more_groups;   // the same, where vectors come in groups
  std::string why_not_enough;  // "; with 24 speakers ...": these groups could not show it at all
};

AccuracyEvidence accuracy_evidence(const Evidence& evidence, const PairedScore& score, double margin);

// "paired accuracy, betting e-process ..., one-sided at 95 %"
std::string accuracy_method(const Evidence& evidence);

}  // namespace tinyhil::gate
