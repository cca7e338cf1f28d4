// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/vector_set.hpp"

namespace tinyhil {

// A vector that is in the file twice is no second observation. Puts vectors with equal inputs into one group,
// each into that of its first copy; where the file has no groups, every other vector becomes a group of its
// own. Nothing changes when no two are equal. Returns how many copies there are.
std::uint64_t group_equal_vectors(VectorSet& set);

}  // namespace tinyhil
