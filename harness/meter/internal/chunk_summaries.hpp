// SPDX-License-Identifier: Apache-2.0
// The summaries of a chunk while it fills: each sample is looked at once, when it comes.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "meter/internal/current_summary.hpp"
#include "meter/internal/trace_layout.hpp"

namespace tinyhil::meter {

class ChunkSummaries {
 public:
  ChunkSummaries();

  // The next samples of the chunk, kChunkSamples in all at most.
  void add(std::span<const float> current);

  struct Chunk {
    std::span<const CurrentSummary> levels;  // as chunk_layout() has them, good until the next add()
    CurrentSummary whole;
    double sum = 0;  // ampere-samples
  };
  // No more samples will come; the next are those of another chunk.
  Chunk finish();

 private:
  void add_groups(std::span<const float> current);

  std::vector<CurrentSummary> levels_;
  std::array<float, kSummarySamples[0]> begun_{};  // a group that is not whole yet
  std::size_t begun_count_ = 0;
  double sum_ = 0;
  bool is_finished_ = false;
};

}  // namespace tinyhil::meter
