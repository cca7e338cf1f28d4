// SPDX-License-Identifier: Apache-2.0
// McNemar's test by the binomial distribution: are losses and gains equally likely? Two-sided. It informs, it
// does not decide: "no significant difference" is no evidence that there is none.
#pragma once

#include <cstdint>

namespace tinyhil {

double mcnemar_exact(std::uint64_t lost, std::uint64_t gained);  // 1 without disagreements
double mcnemar_mid_p(std::uint64_t lost, std::uint64_t gained);  // 1 without disagreements

}  // namespace tinyhil
