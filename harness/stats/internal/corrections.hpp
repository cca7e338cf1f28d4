// SPDX-License-Identifier: Apache-2.0
// Adjusted p-values for many tests at once, in the order given, beside Holm's (holm.hpp). As R's p.adjust.
#pragma once

#include <vector>

namespace tinyhil::stats {

// Y. Benjamini and Y. Hochberg (1995): rejecting those below alpha keeps the expected share of false ones
// among the rejected below alpha, of independent tests. For findings that inform.
std::vector<double> benjamini_hochberg(const std::vector<double>& p);

// Y. Benjamini and D. Yekutieli (2001): the same for tests that depend on each other in any way.
std::vector<double> benjamini_yekutieli(const std::vector<double>& p);

// G. Hommel (1988): the chance of even one false rejection stays below alpha, as with Holm, but never rejects
// less; of independent or positively dependent tests. O(n^2).
std::vector<double> hommel(const std::vector<double>& p);

}  // namespace tinyhil::stats
