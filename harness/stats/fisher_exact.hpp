// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinyhil::stats {

struct BinomialCount {
  std::uint64_t successes = 0;
  std::uint64_t n = 0;
};

// R. A. Fisher's exact test (1934): are these two of one proportion? Two-sided: the chance of every table
// with the same margins that is no likelier than this one, as R's fisher.test has it. 1 where one has no
// observation.
double fisher_exact_p(const BinomialCount& one, const BinomialCount& other);

}  // namespace tinyhil::stats
