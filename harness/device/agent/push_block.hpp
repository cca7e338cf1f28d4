// SPDX-License-Identifier: Apache-2.0
// What fills a slot, and the frames that carry it.
#pragma once

#include <array>
#include <span>

#include "base/digest.hpp"
#include "wire_traits.hpp"

namespace tinyhil::device {

enum class SlotKind : std::uint8_t { model = THIL_SLOT_MODEL, vectors = THIL_SLOT_VECTORS };

struct PushBlock {
  SlotKind kind = SlotKind::vectors;
  std::uint16_t slot = 0;
  std::span<const std::uint8_t> content;  // outlives the push
  Digest digest;                          // of the content
  std::uint8_t stride = 0;                // of the packing (packing.hpp); 0: sent as it is
};

struct ContentRange {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

using PayloadBuffer = std::array<std::uint8_t, THIL_MTU_MAX>;

struct PushFrame {
  std::uint8_t type = 0;
  std::span<const std::uint8_t> payload;  // in the buffer
  std::uint32_t taken = 0;                // bytes of content that it carries
};

PushFrame begin_frame(const PushBlock& block, PayloadBuffer& buffer);
PushFrame end_frame(const PushBlock& block, PayloadBuffer& buffer);
// As much of the range as a payload of `limit` bytes holds, packed when the block says so.
PushFrame chunk_frame(const PushBlock& block, const ContentRange& range, std::size_t limit,
                      PayloadBuffer& buffer);

}  // namespace tinyhil::device
