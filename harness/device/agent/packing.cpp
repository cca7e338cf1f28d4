// SPDX-License-Identifier: Apache-2.0
#include "packing.hpp"

#include <algorithm>
#include <array>

#include "thil/rice.h"

namespace tinyhil::device {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr double kWorthwhile = 0.95;
constexpr std::size_t kBlockSize = 1000;    // about what one frame carries
constexpr std::size_t kScoutSize = 8192;    // for each stride
constexpr std::size_t kSampleSize = 65536;  // for the best one
constexpr std::size_t kParts = 4;

double ratio_of(Bytes raw, std::uint8_t stride) {
  std::array<std::uint8_t, kBlockSize> memory;
  thil_rice_block block{memory.data(), memory.size(), 0, 0};
  std::size_t packed = 0;
  for (Bytes rest = raw; !rest.empty(); rest = rest.subspan(block.taken)) {
    thil_rice_encode(rest.data(), rest.size(), stride, &block);
    packed += block.size;
  }
  return raw.empty() ? 1 : static_cast<double>(packed) / static_cast<double>(raw.size());
}

// Of parts that are spread evenly, as one end of a set may be unlike the other. All of it when it is small.
double sampled_ratio(Bytes content, std::uint8_t stride, std::size_t sample_size) {
  if (content.size() <= sample_size) return ratio_of(content, stride);
  const std::size_t part_size = sample_size / kParts;
  double sum = 0;
  for (std::size_t part = 0; part < kParts; ++part) {
    const std::size_t at = (content.size() - part_size) / (kParts - 1) * part;
    sum += ratio_of(content.subspan(at, part_size), stride);
  }
  return sum / kParts;
}

}  // namespace

Packing choose_packing(std::span<const std::uint8_t> content, const TensorList& input) {
  const std::size_t vector_size = std::max<std::size_t>(input.bytes(), 1);
  Packing best;
  for (std::size_t stride = 1; stride <= UINT8_MAX; ++stride) {
    // Elements, pixels and rows lie a divisor of the vector apart; the shape alone may not tell, as many
    // models take their features flat.
    if (vector_size % stride != 0) continue;
    const auto candidate = static_cast<std::uint8_t>(stride);
    const double ratio = sampled_ratio(content, candidate, kScoutSize);
    if (ratio < best.ratio) best = {candidate, ratio};
  }
  if (best.stride != 0) best.ratio = sampled_ratio(content, best.stride, kSampleSize);
  return best.ratio <= kWorthwhile ? best : Packing{};
}

}  // namespace tinyhil::device
