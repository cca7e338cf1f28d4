// SPDX-License-Identifier: Apache-2.0
// How likely k runs in a row all pass, "pass^k", from r runs of which s passed: C(s, k) / C(r, k), unbiased
// (M. Chen and others, "Evaluating large language models trained on code", 2021, in the version for all
// instead of any).
#pragma once

#include <cstdint>

namespace tinyhil::stats {

double pass_all_of(std::uint64_t successes, std::uint64_t runs, std::uint64_t k);  // needs k <= runs

// The lower Clopper-Pearson bound of one pass, to the power of k; holds with `confidence`. 0 without runs.
double pass_all_of_lower_bound(std::uint64_t successes, std::uint64_t runs, std::uint64_t k,
                               double confidence);

}  // namespace tinyhil::stats
