// SPDX-License-Identifier: Apache-2.0
// The commands of an ST-LINK/V2-1 by which a host drives a debug port itself, as ST's firmware V2J37 and
// OpenOCD 0.12 understand them (src/jtag/drivers/stlink_usb.c there). Pure.
#pragma once

#include <array>

#include "probe_port.hpp"

namespace tinyhil::sim {

class StLink {
 public:
  static constexpr std::uint16_t kVendor = 0x0483, kProduct = 0x374B;
  static constexpr std::size_t kCommandSize = 16;
  static constexpr std::size_t kDataMax = 6144;

  explicit StLink(ProbeWires wires) : wires_(wires) {}

  using Command = std::span<const std::uint8_t, kCommandSize>;
  // A command and the data after it; the answer, as long as the command has it.
  std::vector<std::uint8_t> execute(Command command, std::span<const std::uint8_t> data);

 private:
  std::vector<std::uint8_t> debug(Command command, std::span<const std::uint8_t> data);
  std::vector<std::uint8_t> read_memory(Command command, std::uint32_t size);
  std::vector<std::uint8_t> write_memory(Command command, std::span<const std::uint8_t> data,
                                         std::uint32_t size);
  std::vector<std::uint8_t> read_register(Command command);
  std::uint8_t write_register(Command command);
  std::uint8_t drive_reset(std::uint8_t how);
  template <class Transfer>
  std::size_t in_pieces(Command command, std::uint32_t size, std::size_t count, Transfer transfer);
  bool select(Command command, std::uint32_t size);
  std::vector<std::uint8_t> last_status() const;

  ProbeWires wires_;
  bool is_debugging_ = false;
  std::uint8_t status_ = 0x80;  // of the last access to memory
  std::uint32_t failed_at_ = 0;
};

}  // namespace tinyhil::sim
