// SPDX-License-Identifier: Apache-2.0
#include "trigger_edges.hpp"

#include <cmath>

namespace tinyhil::meter {
namespace {

constexpr std::uint32_t kLasting = 3;  // samples

}  // namespace

void EdgeFinder::sample(std::uint64_t at, bool high) {
  const double missing = static_cast<double>(at - next_);
  next_ = at + 1;
  if (!level_) {
    level_ = high;
    found_.high_at_start = high;
  }
  if (high == *level_) {
    found_.glitches += lasted_ > 0;
    lasted_ = 0;
    return;
  }
  if (lasted_++ == 0) {
    changed_ = at;
    gap_ = missing;
  }
  if (lasted_ < kLasting) return;
  const double sigma = (gap_ + 1) / std::sqrt(12.0);
  found_.edges.push_back({static_cast<double>(changed_) - gap_ / 2, sigma, high});
  level_ = high;
  lasted_ = 0;
}

void EdgeFinder::add(std::uint64_t first, std::span<const std::uint8_t> lines) {
  if (!level_) next_ = first;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::uint8_t bit = lines[i] & mask_;
    const bool nothing_new = level_ && lasted_ == 0 && bit == (*level_ ? mask_ : 0) && i > 0;
    if (nothing_new)
      next_ = first + i + 1;
    else
      sample(first + i, bit != 0);
  }
}

TriggerEdges trigger_edges(const TraceReader& trace, int line) {
  EdgeFinder finder(line);
  trace.visit(0, trace.end(), [&](const SampleBlock& block) { finder.add(block.first, block.lines); });
  return finder.found();
}

std::vector<std::uint64_t> rising_edges(const TraceReader& trace, int line) {
  std::vector<std::uint64_t> edges;
  const auto mask = static_cast<std::uint8_t>(1U << line);
  trace.visit(0, trace.end(), [&](const SampleBlock& block) {
    for (std::size_t i = 0; i < block.lines.size(); ++i)
      if ((block.lines[i] & mask) != 0) edges.push_back(block.first + i);
  });
  return edges;
}

}  // namespace tinyhil::meter
