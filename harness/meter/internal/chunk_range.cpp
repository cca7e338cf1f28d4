// SPDX-License-Identifier: Apache-2.0
#include "chunk_range.hpp"

#include <algorithm>
#include <cstring>

namespace tinyhil::meter {
namespace {

constexpr double kUnitsPerColumn = 4;  // its ends are off by an eighth at most
constexpr double kFinestUnits = 2;  // single samples have to be decoded: not where a column has 32 and more

CurrentSummary summary_at(std::span<const std::uint8_t> chunk, std::size_t level_at, std::uint64_t i) {
  CurrentSummary summary;
  std::memcpy(&summary, chunk.data() + level_at + i * sizeof summary, sizeof summary);
  return summary;
}

}  // namespace

std::uint32_t summary_unit(double column_samples) {
  std::uint32_t unit = column_samples >= kFinestUnits * kSummarySamples[0] ? kSummarySamples[0] : 1;
  for (const std::uint32_t samples : kSummarySamples)
    if (column_samples >= kUnitsPerColumn * samples) unit = samples;
  return unit;
}

ChunkRange chunk_range(std::uint64_t first, std::uint64_t last, std::uint64_t count, std::uint32_t unit) {
  const auto rounded = [&](std::uint64_t at) {
    return at == count ? count : std::min<std::uint64_t>((at + unit / 2) / unit * unit, count);
  };
  return {rounded(first), rounded(last)};
}

CurrentSummary summary_of_range(std::span<const std::uint8_t> chunk, const ChunkLayout& layout,
                                const ChunkRange& range) {
  CurrentSummary summary;
  std::uint64_t at = range.first;
  while (at < range.last) {
    std::size_t level = kSummarySamples.size();
    do --level;
    while (level > 0 && (at % kSummarySamples[level] != 0 || at + kSummarySamples[level] > range.last));
    summary = joined(summary, summary_at(chunk, layout.summaries[level], at / kSummarySamples[level]));
    at += kSummarySamples[level];
  }
  return summary;
}

}  // namespace tinyhil::meter
