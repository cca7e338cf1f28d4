// SPDX-License-Identifier: Apache-2.0
// Which vectors a set holds, whatever file they lie in and in which order.
#pragma once

#include <cstdint>
#include <vector>

#include "model/vector_set.hpp"

namespace tinyhil::sampling {

// One number per vector, ascending: the first 8 bytes of the SHA-256 of its input, so that among millions of
// different inputs hardly any two share one. Labels do not count: a corrected label makes no new vector.
using VectorMarks = std::vector<std::uint64_t>;
VectorMarks vector_marks(const VectorSet& vectors);

// How many of `marks` are among `others`; a mark that is there twice counts twice.
std::size_t count_common(const VectorMarks& marks, const VectorMarks& others);

}  // namespace tinyhil::sampling
