// SPDX-License-Identifier: Apache-2.0
// Made-up pairs of ten million vectors: a baseline that is right nine times of ten, and a candidate whose
// outputs drifted by a step here and there and which lost a little.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::compare_bench {

inline constexpr std::size_t kClasses = 10;
inline constexpr std::size_t kSlices = 16;

struct Case {
  VectorSet vectors;
  Trial candidate, baseline;
};

// The same every time.
Case make_case(std::size_t pairs);

// Raw little-endian columns for the other engines: label, slice (u8), and of each side prediction (u8), ticks
// (u32) and outputs (int8, [pairs * classes]).
void write_columns(const Case& made, const std::filesystem::path& folder);

// A new database with one run of both trials, in blocks of `block_rows`.
void write_store(const Case& made, const std::filesystem::path& file, std::size_t block_rows);

}  // namespace tinyhil::compare_bench
