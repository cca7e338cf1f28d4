// SPDX-License-Identifier: Apache-2.0
// The control block of device-agent/ports/rtt/rtt.h as a probe reads it: words in the target's memory, not
// trusted. The first ring to the host and the first from it are ours; other firmware has more of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tinyhil::probe {

struct RttRing {
  std::uint32_t bytes = 0;  // address
  std::uint32_t size = 0;
  std::uint32_t write = 0;
  std::uint32_t read = 0;

  std::uint32_t room() const { return (read > write ? read : read + size) - write - 1; }
  bool operator==(const RttRing&) const = default;
};

struct RttBlock {
  std::uint32_t words = 0;       // from its beginning to the end of our ring from the host
  std::uint32_t down_index = 0;  // word at which the description of that ring begins
  RttRing up;
  RttRing down;
};

inline constexpr std::uint32_t kRttRingsMax = 16;
inline constexpr std::uint32_t kRttWordsMax = 6 + 6 * (kRttRingsMax + 1);
inline constexpr std::uint32_t kRttWordsLeast = 18;  // with one ring to the host

// How many words rtt_block() wants, from its first six; nothing when that is no block.
std::optional<std::uint32_t> rtt_words(std::span<const std::uint32_t> head);

// Nothing when it is none, or none that a device would build: ring sizes of 16 bytes to 64 KiB, a multiple of
// 4 as their addresses are, offsets inside.
std::optional<RttBlock> rtt_block(std::span<const std::uint32_t> words);

// The index of the first word in `memory` at which a block may begin.
std::optional<std::size_t> find_rtt_id(std::span<const std::uint32_t> memory);

// The bytes into the ring at its write offset, as the writes that memory takes best: "ADDRESS 8|32 {VALUES}"
// for each. No more than room().
struct RingPush {
  std::string writes;        // a Tcl list
  std::uint32_t offset = 0;  // the new write offset
};
RingPush push_of(const RttRing& ring, std::span<const std::uint8_t> bytes);

// The bytes from offset `read` up to `until` out of words that were read from the word of `read` on to the
// end of the ring, if `until` lies before it, and then from its beginning.
std::optional<std::vector<std::uint8_t>> pulled(const RttRing& ring, std::uint32_t until,
                                                std::span<const std::uint32_t> words);

}  // namespace tinyhil::probe
