// SPDX-License-Identifier: Apache-2.0
// An Arm debug port, version 1, with one access port behind it (IHI0031G, chapter B2): what both an SWD and a
// JTAG wire lead to. Faults are injected here, where every probe meets them. Pure.
#pragma once

#include <optional>

#include "access_port.hpp"
#include "wire_faults.hpp"

namespace tinyhil::sim {

enum class Ack : std::uint8_t { ok = 1, wait = 2, fault = 4, none = 7 };

class DebugPort {
 public:
  static constexpr std::uint32_t kSwdId = 0x2BA01477, kJtagId = 0x4BA00477;
  static constexpr std::uint8_t kAbort = 0x0, kControl = 0x4, kSelect = 0x8, kReadBuffer = 0xC;
  static constexpr std::uint32_t kClearAll = 0x1E;              // of ABORT
  static constexpr std::uint32_t kPower = 1U << 28 | 1U << 30;  // of CTRL/STAT: debugger and system

  // Keeps the bus, which must outlive it.
  DebugPort(MemoryBus& bus, const WireFaults& faults);

  // `address` is that of the register within its bank: 0, 4, 8 or 12. Reads are not posted: the value is that
  // of this access, and RDBUFF's is the one of the last access port's.
  struct Answer {
    Ack ack = Ack::ok;
    std::uint32_t value = 0;
  };
  Answer read_port(std::uint8_t address);
  Ack write_port(std::uint8_t address, std::uint32_t value);
  Answer read_access(std::uint8_t address);
  Ack write_access(std::uint8_t address, std::uint32_t value);

  bool data_is_selected() const { return (select_ & 0xFF0000F0) == 0; }  // the first port, and DRW's bank
  // So many reads or writes of the access port's DRW, up to the first that is not answered with `ok`.
  struct Block {
    Ack ack = Ack::ok;
    std::size_t count = 0;
  };
  Block read_block(std::span<std::uint32_t> values);
  Block write_block(std::span<const std::uint32_t> values);

  // As a probe that chooses the port and bank by itself does.
  Answer read_access(std::uint8_t port, std::uint8_t address);
  Ack write_access(std::uint8_t port, std::uint8_t address, std::uint32_t value);

  void clear_sticky(std::uint32_t jtag_control);  // what a JTAG debug port clears by writing ones
  void abort() {}                                 // nothing is ever under way
  void reset_line();                              // 50 clocks of ones on SWD: selects the first bank
  bool is_there() const { return true; }          // something answers on the wire
  std::uint32_t id(std::uint32_t usual) const { return faults_.id.value_or(usual); }

 private:
  Ack before_access(std::uint8_t address);
  Ack after_access(bool done);

  AccessPort access_;
  WireFaults faults_;
  WireFaultCounter counter_;
  std::uint32_t control_ = 0;
  std::uint32_t select_ = 0;
  std::uint32_t last_read_ = 0;
};

}  // namespace tinyhil::sim
