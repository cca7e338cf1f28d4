// SPDX-License-Identifier: Apache-2.0
// What an emulated board tells of itself on its second serial port, in records of eight bytes:
//
//   0     0xA5
//   1     bit 0: trigger pin; bits 1 and 2: 0 active, 1 idle, 2 sleep; bit 7: the board has just started
//   2..5  ticks of its timer, little-endian; behind a start the timer's rate in Hz, and its ticks begin at 0
//   6     number of the record, mod 256
//   7     complement of the sum of bytes 0 to 6
//
// Pure, of bounded memory. What is no record is skipped.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/current_model.hpp"

namespace tinyhil::sim {

inline constexpr std::size_t kActivityRecord = 8;

class ActivityReader {
 public:
  // Appends the events of these bytes, in the order of time.
  void push(std::span<const std::uint8_t> bytes, std::vector<BoardEvent>& events);
  // Another emulator begins to speak.
  void restart();
  // A board that starts does so not before this time.
  void not_before(double now_s);

  std::uint64_t bytes_skipped() const { return skipped_; }
  std::uint64_t records_missing() const { return missing_; }

 private:
  void take(std::vector<BoardEvent>& events);

  std::array<std::uint8_t, kActivityRecord> record_{};
  std::size_t size_ = 0;
  double rate_hz_ = 0;  // 0: no start has been seen
  std::uint32_t ticks_ = 0;
  double time_s_ = 0;
  std::optional<std::uint8_t> number_;
  std::uint64_t skipped_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace tinyhil::sim
