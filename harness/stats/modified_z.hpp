// SPDX-License-Identifier: Apache-2.0
// Which of a few values stands apart from the others: the modified z-score M = 0.6745 (x - median) / MAD of
// B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers (1993), MAD being the median distance from
// the median. Their limit of 3.5 is for many values; of five normal ones it would mark one in every fifth
// set.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace tinyhil::stats {

// In the order of the values. Where MAD is 0, half of them are equal: 0 for those, infinite for others.
std::vector<double> modified_z(std::span<const double> values);

// Of n normal values the chance that even one is beyond is at most 5 % (by simulation). Nothing below three:
// two cannot say which of them is the odd one. More than 1,000 have the limit of 1,000.
std::optional<double> modified_z_limit(std::size_t n);

}  // namespace tinyhil::stats
