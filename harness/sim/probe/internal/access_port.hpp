// SPDX-License-Identifier: Apache-2.0
// The AHB access port of a Cortex-M3 or M4, a window of a debug port to the bus (IHI0031G, chapter C2).
// Without packed transfers. Pure.
#pragma once

#include <span>
#include <vector>

#include "target.hpp"

namespace tinyhil::sim {

class AccessPort {
 public:
  static constexpr std::uint8_t kCsw = 0x00, kTar = 0x04, kDrw = 0x0C;

  explicit AccessPort(MemoryBus& bus) : bus_(bus) {}  // which must outlive it

  static bool goes_to_bus(std::uint8_t address) { return address == kDrw || (address & 0xF0) == 0x10; }

  // False: the bus answered with an error.
  bool read(std::uint8_t address, std::uint32_t& value);
  bool write(std::uint8_t address, std::uint32_t value);

  // As many reads or writes of DRW, in one transfer of the bus where that is the same. When it fails, nobody
  // knows how far it came.
  bool read_block(std::span<std::uint32_t> values);
  bool write_block(std::span<const std::uint32_t> values);

 private:
  bool is_run(std::size_t count) const;
  unsigned lane_shift(std::size_t n) const;  // of the n-th value of a run
  std::uint32_t size() const;
  void advance(std::uint32_t bytes);
  bool read_data(std::uint32_t address, std::uint32_t& value);
  bool write_data(std::uint32_t address, std::uint32_t value);

  MemoryBus& bus_;
  std::uint32_t csw_ = 0x23000000;
  std::uint32_t tar_ = 0;
  std::vector<std::uint8_t> run_;
};

}  // namespace tinyhil::sim
