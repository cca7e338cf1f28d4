// SPDX-License-Identifier: Apache-2.0
// The JTAG port in front of a debug port: a TAP with a four-bit instruction register (IHI0031G, chapter B3).
// Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "debug_port.hpp"

namespace tinyhil::sim {

class JtagTap {
 public:
  explicit JtagTap(DebugPort& port) : port_(port) {}  // which must outlive it

  void clock(bool tms, bool tdi);  // a rising edge of TCK
  bool tdo() const;                // until the next one
  void reset();                    // TRST, or five clocks with TMS high

 private:
  enum class State : std::uint8_t {
    reset,
    idle,
    select_dr,
    capture_dr,
    shift_dr,
    exit1_dr,
    pause_dr,
    exit2_dr,
    update_dr,
    select_ir,
    capture_ir,
    shift_ir,
    exit1_ir,
    pause_ir,
    exit2_ir,
    update_ir,
  };
  static State next(State state, bool tms);

  struct Request {
    bool to_access_port;
    bool reads;
    std::uint8_t address;
    std::uint32_t value;
  };
  void capture();
  void update();
  void execute(const Request& request);
  unsigned data_bits() const;

  DebugPort& port_;
  State state_ = State::reset;
  std::uint8_t instruction_ = 0xE;  // IDCODE
  std::uint64_t shift_ = 0;
  std::uint32_t result_ = 0;             // of the last request
  std::optional<Request> waiting_ = {};  // was answered with WAIT
  bool is_ignored_ = false;              // what is shifted in now: the last request still waits
};

}  // namespace tinyhil::sim
