// SPDX-License-Identifier: Apache-2.0
#include "slot_plan.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace tinyhil::device {

namespace {

constexpr std::size_t kSmallBlockSize = 16 * 1024;

std::size_t vectors_per_slot(const VectorSet& vectors, const SlotSpace& slots) {
  const std::size_t fit = slots.size / vectors.input.bytes();
  if (fit == 0 || slots.count == 0) {
    throw Error(ErrorKind::usage,
                "a vector of " + std::to_string(vectors.input.bytes()) +
                    " bytes does not fit the device's slots (" + std::to_string(slots.count) + " of " +
                    std::to_string(slots.size) + " bytes)",
                vectors.file.string(), "give the port larger vector slots (thil_port_memory_get)");
  }
  // Small blocks let transfer and inference overlap and leave little to do again; but the set should fit.
  const std::size_t share = (vectors.count + slots.count - 1) / slots.count;
  const std::size_t small = std::max<std::size_t>(1, kSmallBlockSize / vectors.input.bytes());
  return std::min({fit, std::max(small, share), std::size_t{UINT16_MAX}});
}

VectorBlock block_at(const VectorSet& vectors, std::size_t first, std::size_t count) {
  VectorBlock block;
  block.first = static_cast<std::uint32_t>(first);
  block.count = static_cast<std::uint16_t>(count);
  block.content =
      std::span(vectors.inputs).subspan(first * vectors.input.bytes(), count * vectors.input.bytes());
  block.digest = sha256(block.content);
  return block;
}

}  // namespace

std::vector<Wave> plan_slots(const VectorSet& vectors, const SlotSpace& slots) {
  const std::size_t per_slot = vectors_per_slot(vectors, slots);
  std::vector<Wave> waves;
  for (std::size_t first = 0; first < vectors.count; first += per_slot) {
    if (waves.empty() || waves.back().size() == slots.count) waves.emplace_back();
    waves.back().push_back(block_at(vectors, first, std::min(per_slot, vectors.count - first)));
  }
  return waves;
}

}  // namespace tinyhil::device
