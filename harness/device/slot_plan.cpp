// SPDX-License-Identifier: Apache-2.0
#include "slot_plan.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace tinyhil::device {

namespace {

constexpr std::size_t kSmallBlockSize = 16 * 1024;

std::size_t fit_in_slot(const VectorSet& vectors, const SlotSpace& slots) {
  const std::size_t fit = slots.size / vectors.input.bytes();
  if (fit > 0 && slots.count > 0) return fit;
  throw Error(ErrorKind::usage,
              "a vector of " + std::to_string(vectors.input.bytes()) +
                  " bytes does not fit the device's slots (" + std::to_string(slots.count) + " of " +
                  std::to_string(slots.size) + " bytes)",
              vectors.file.string(), "give the port larger vector slots (thil_port_memory_get)");
}

// Small blocks let transfer and inference overlap and leave little to do again; but the set should fit.
std::size_t vectors_per_slot(const EncodedVectors& encodings, const SlotSpace& slots) {
  std::size_t least = UINT16_MAX;
  for (const VectorSet* vectors : encodings) {
    const std::size_t fit = fit_in_slot(*vectors, slots);
    const std::size_t own_slots = std::max<std::size_t>(1, slots.count / encodings.size());
    const std::size_t share = (vectors->count + own_slots - 1) / own_slots;
    const std::size_t small = std::max<std::size_t>(1, kSmallBlockSize / vectors->input.bytes());
    least = std::min({least, fit, std::max(small, share)});
  }
  return least;
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

// Every encoding of them, each second time backwards.
Wave blocks_of(const EncodedVectors& encodings, std::size_t first, std::size_t count, bool backwards) {
  Wave blocks;
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    const std::size_t encoding = backwards ? encodings.size() - 1 - i : i;
    blocks.push_back(block_at(*encodings[encoding], first, count));
    blocks.back().encoding = static_cast<std::uint16_t>(encoding);
  }
  return blocks;
}

}  // namespace

std::vector<Wave> plan_slots(const EncodedVectors& encodings, const SlotSpace& slots) {
  const std::size_t per_slot = vectors_per_slot(encodings, slots);
  const std::size_t together = std::min<std::size_t>(encodings.size(), slots.count);
  const std::size_t count = encodings.front()->count;
  std::vector<Wave> waves;
  bool backwards = false;
  for (std::size_t first = 0; first < count; first += per_slot) {
    const Wave blocks = blocks_of(encodings, first, std::min(per_slot, count - first), backwards);
    backwards = !backwards;
    const bool is_room = !waves.empty() && waves.back().size() + blocks.size() <= slots.count;
    if (!is_room) waves.emplace_back();
    for (const VectorBlock& block : blocks) {
      if (together < encodings.size() && !waves.back().empty()) waves.emplace_back();
      waves.back().push_back(block);
    }
  }
  return waves;
}

}  // namespace tinyhil::device
