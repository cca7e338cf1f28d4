// SPDX-License-Identifier: Apache-2.0
// Outputs against outputs: those that were expected, and those of the other repeats.
#pragma once

#include <cstdint>
#include <string>

#include "metric/rows.hpp"
#include "model/scorecard.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::metric {

// Throws Error(usage) when there is no array of that name, or when its outputs have another size than the
// model's.
const Golden& find_golden(const Tensor& output, const VectorSet& vectors, const std::string& name);
Output output_of(const Golden& golden, std::uint32_t vector);

// Compares every usable row with its vector's golden output, as far as the row holds it. Throws as
// find_golden().
GoldenScore golden_score(const Rows& rows, const Tensor& output, const VectorSet& vectors,
                         const std::string& name);

// Vectors whose usable repeats are not all the same bytes.
std::uint64_t nondeterministic_vectors(const Rows& rows);

}  // namespace tinyhil::metric
