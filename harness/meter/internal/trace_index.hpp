// SPDX-License-Identifier: Apache-2.0
// Where the chunks of a recording are, found by walking its records.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "meter/internal/current_summary.hpp"
#include "meter/internal/trace_layout.hpp"
#include "meter/internal/trace_start.hpp"
#include "meter/meter.hpp"

namespace tinyhil::meter {

struct Chunk {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t samples_before = 0;  // in chunks before it
  double sum_before = 0;             // ampere-samples of those
  double sum = 0;
  CurrentSummary whole;
  std::size_t at = 0;  // of its words in the file
  bool with_lines = false;
};

struct TraceIndex {
  TraceStart start;
  std::vector<Chunk> chunks;
  std::vector<Gap> gaps;
  std::uint64_t end = 0;
  std::size_t bytes_read = 0;
};

// Throws Error(usage) when the head is none of ours.
TraceIndex index_trace(std::span<const std::uint8_t> file, const std::string& name);

}  // namespace tinyhil::meter
