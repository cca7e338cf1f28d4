// SPDX-License-Identifier: Apache-2.0
#include "chunk_summaries.hpp"

#include <algorithm>
#include <utility>

namespace tinyhil::meter {
namespace {

constexpr std::size_t kNear = 2048;  // samples that the nearest cache holds for both of their readers

}  // namespace

ChunkSummaries::ChunkSummaries() {
  std::size_t size = 0;
  for (const std::uint32_t samples : kSummarySamples) size += kChunkSamples / samples;
  levels_.reserve(size);
}

void ChunkSummaries::add(std::span<const float> current) {
  if (std::exchange(is_finished_, false)) {
    levels_.clear();
    sum_ = 0;
  }
  if (begun_count_ > 0) {
    const auto taken = current.first(std::min(begun_.size() - begun_count_, current.size()));
    std::ranges::copy(taken, begun_.begin() + static_cast<std::ptrdiff_t>(begun_count_));
    begun_count_ += taken.size();
    current = current.subspan(taken.size());
    if (begun_count_ < begun_.size()) return;
    begun_count_ = 0;
    add_groups(begun_);
  }
  const std::size_t whole = current.size() / begun_.size() * begun_.size();
  add_groups(current.first(whole));
  std::ranges::copy(current.subspan(whole), begun_.begin());
  begun_count_ = current.size() - whole;
}

void ChunkSummaries::add_groups(std::span<const float> current) {
  while (!current.empty()) {
    const std::span<const float> piece = current.first(std::min(kNear, current.size()));
    sum_ += sum_of(piece);
    summarize(piece, levels_);
    current = current.subspan(piece.size());
  }
}

ChunkSummaries::Chunk ChunkSummaries::finish() {
  if (begun_count_ > 0) {
    const auto rest = std::span(begun_).first(std::exchange(begun_count_, 0));
    sum_ += sum_of(rest);
    summarize(rest, levels_);
  }
  std::size_t first = 0;
  for (std::size_t level = 1; level < kSummarySamples.size(); ++level) {
    const std::size_t end = levels_.size();
    summarize(std::span(levels_).subspan(first), levels_);  // there is room: it stays where it is
    first = end;
  }
  Chunk chunk{levels_, {}, sum_};
  for (const CurrentSummary& coarsest : std::span(levels_).subspan(first))
    chunk.whole = joined(chunk.whole, coarsest);
  is_finished_ = true;
  return chunk;
}

}  // namespace tinyhil::meter
