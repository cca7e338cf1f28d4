// SPDX-License-Identifier: Apache-2.0
// What a bad cable does to a stream. The damage is a function of seed, direction and a byte's place in the
// stream alone: the same bytes meet the same damage in every run, however they are cut into writes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/internal/line_random.hpp"

namespace tinyhil::sim {

enum class LineWay { to_device, to_host };

// Probabilities from 0 to 1. A chunk is `chunk` bytes of the stream, counted from its first byte.
struct LineFaults {
  double bit_errors = 0;  // per bit
  double drop = 0;        // per chunk, as are the others
  double duplicate = 0;
  double burst = 0;
  double stall = 0;
  double disconnect = 0;
  std::size_t chunk = 64;
  std::size_t burst_max = 16;  // random bytes that replace some of the chunk's, or are put between them
  std::chrono::nanoseconds stall_for = std::chrono::milliseconds(200);
  std::optional<std::uint64_t> disconnect_after = {};  // bytes; happens once
};

// One byte's time on the wire.
struct WireByte {
  std::uint8_t value = 0;
  bool lost = false;                    // takes its time, but arrives nowhere
  std::chrono::nanoseconds silence{0};  // before it
};

struct FaultCounts {
  std::uint64_t bits_flipped = 0;
  std::uint64_t chunks_dropped = 0, bytes_dropped = 0;
  std::uint64_t chunks_duplicated = 0, bytes_duplicated = 0;
  std::uint64_t bursts = 0, bytes_replaced = 0, bytes_inserted = 0;
  std::uint64_t stalls = 0;
  std::uint64_t disconnects = 0;
};

class LineDamage {
 public:
  LineDamage(const LineFaults& faults, std::uint64_t seed, LineWay way);

  // Appends what one byte becomes: at most the chunk twice over and one burst, mostly one WireByte. False:
  // the line is cut before this byte, which is not passed.
  bool pass(std::uint8_t byte, bool too_fast, std::vector<WireByte>& wire);
  void replug();  // after a cut; the stream goes on at the same place

  const FaultCounts& counts() const { return counts_; }

 private:
  struct Fate {
    bool drop = false, duplicate = false, stall = false, cut = false;
    bool insert = false;
    std::size_t burst_at = 0, burst_size = 0;
  };

  Fate draw_fate();
  void begin_chunk();
  bool is_cut() const;
  std::uint8_t damaged(std::uint8_t byte, bool too_fast);
  void insert_burst(std::vector<WireByte>& wire);
  void put(std::uint8_t byte, std::vector<WireByte>& wire);
  void end_chunk(std::vector<WireByte>& wire);

  LineFaults faults_;
  std::uint64_t seed_;
  BitErrors noise_;
  BitErrors garble_;  // of a rate that the cable does not carry
  Random random_{0};  // of the current chunk
  Fate fate_;
  bool begun_ = false;               // the current chunk
  std::size_t place_ = 0;            // in the current chunk
  std::uint64_t passed_ = 0;         // bytes
  std::vector<std::uint8_t> chunk_;  // as it was put on the wire, kept when it comes twice
  FaultCounts counts_;
};

}  // namespace tinyhil::sim
