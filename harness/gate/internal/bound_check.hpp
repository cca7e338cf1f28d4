// SPDX-License-Identifier: Apache-2.0
// An estimate with an interval whose bounds each hold alone, held against one limit.
#pragma once

#include <string>

#include "model/verdict.hpp"

namespace tinyhil::gate {

struct Bound {
  double estimate;  // these three in one unit, a fraction of one
  Interval interval;
  double limit;
  double alpha;  // of each bound
};

// Pass when the whole interval keeps the limit, fail when the whole interval breaks it, else inconclusive
// with the number of vectors that would help. The unit is Unit::ratio and the reason is the caller's.
Check check_below(std::string subject, std::uint64_t n, const Bound& bound);  // at most the limit
Check check_above(std::string subject, std::uint64_t n, const Bound& bound);  // more than the limit

// "; undecided: about 120 more vectors ..."; empty for a check that is decided.
std::string what_would_help(const Check& check);

}  // namespace tinyhil::gate
