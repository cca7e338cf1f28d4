// SPDX-License-Identifier: Apache-2.0
// Stretches of a chunk at the resolution of its summaries.
#pragma once

#include <cstdint>
#include <span>

#include "meter/internal/current_summary.hpp"
#include "meter/internal/trace_layout.hpp"

namespace tinyhil::meter {

// The coarsest summary that is short against a column of this length, or 1: single samples.
std::uint32_t summary_unit(double column_samples);

// [first, last) of a chunk of `count` samples, in whole units: neighbouring stretches stay neighbours.
struct ChunkRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

ChunkRange chunk_range(std::uint64_t first, std::uint64_t last, std::uint64_t count, std::uint32_t unit);

// By as few summaries as possible. `range` begins and ends at whole summaries of 16 samples, or at the end of
// the chunk; `chunk` are the bytes behind its head.
CurrentSummary summary_of_range(std::span<const std::uint8_t> chunk, const ChunkLayout& layout,
                                const ChunkRange& range);

}  // namespace tinyhil::meter
