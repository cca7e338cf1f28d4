// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/vector_set.hpp"

namespace tinyhil {

// Vectors that equal an earlier one in all but at most 2 % of the bytes, or in all but one byte: hardly a
// second observation. Equal ones are not counted (equal_vectors.hpp), nor are vectors of fewer than 16 bytes,
// which may well be alike. Looked for among vectors of which a quarter of the bytes is the same, each beside
// two of them, so that some are missed rather than any made up; in sets of more than 2 million vectors not at
// all.
std::uint64_t count_near_copies(const VectorSet& set);

}  // namespace tinyhil
