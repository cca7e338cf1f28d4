// SPDX-License-Identifier: Apache-2.0
// Bytes as a PPK2 sends them, and what was made of them; for tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "meter/meter.hpp"

namespace tinyhil::meter {

// `count` samples, the first with this number; adc is the low part of the number, so that each can be told.
inline std::vector<std::uint8_t> ppk2_samples(std::uint32_t first, std::uint32_t count) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(std::size_t{count} * 4);
  for (std::uint32_t n = first; n != first + count; ++n) {
    const std::uint32_t bits = (n & 0x3FFFU) | 1U << 14 | (n & 63U) << 18 | (n / 16 % 2) << 24;
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  return bytes;
}

inline std::vector<std::uint8_t>& operator+=(std::vector<std::uint8_t>& to,
                                             const std::vector<std::uint8_t>& more) {
  to.insert(to.end(), more.begin(), more.end());
  return to;
}

struct CollectedSamples : SampleSink {
  struct Sample {
    std::uint64_t number;
    std::uint32_t adc;
  };

  void samples(const SampleBlock& block) override {
    in_order = in_order && block.first == next && block.current_a.size() * 4 == block.words.size();
    for (std::size_t n = 0; n < block.current_a.size(); ++n) {
      const std::uint32_t low = block.words[4 * n] | std::uint32_t{block.words[4 * n + 1]} << 8;
      all.push_back({block.first + n, low & 0x3FFFU});
    }
    next = block.first + block.current_a.size();
  }
  void gap(const Gap& gap) override {
    in_order = in_order && gap.first == next && gap.count > 0;
    gaps.push_back(gap);
    next = gap.first + gap.count;
  }

  std::vector<Sample> all;
  std::vector<Gap> gaps;
  std::uint64_t next = 0;
  bool in_order = true;  // blocks and gaps follow each other without holes
};

}  // namespace tinyhil::meter
