// SPDX-License-Identifier: Apache-2.0
// The debug registers of an Armv7-M core (DDI0403E, C1.6 to C1.11): halting, registers, reset, breakpoints,
// and the table by which a debugger finds them. All other addresses are the target's own. Pure.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>

#include "breakpoint_unit.hpp"
#include "code_breakpoints.hpp"
#include "fault_catch.hpp"
#include "target.hpp"

namespace tinyhil::sim {

using ProbeClock = std::chrono::steady_clock;

struct ResetBehaviour {
  std::chrono::nanoseconds takes{0};  // until the core and its memory are there again
  bool is_stuck = false;              // it never ends
};

class CoreDebug : public MemoryBus {
 public:
  using Now = std::function<ProbeClock::time_point()>;
  // Keeps the target, which must outlive it.
  explicit CoreDebug(Target& target, ResetBehaviour reset = {}, Now now = ProbeClock::now);

  bool read(std::uint32_t address, std::span<std::uint8_t> into) override;
  bool write(std::uint32_t address, std::span<const std::uint8_t> bytes) override;

  void drive_reset_pin(bool is_low);  // nRST; the core is in reset while it is low
  bool reset_pin_is_low() const { return pin_is_low_; }
  bool in_reset();

 private:
  std::optional<std::uint32_t> read_debug_register(std::uint32_t address);
  bool write_debug_register(std::uint32_t address, std::uint32_t value);  // false: it is none
  std::uint32_t status();
  void control(std::uint32_t value);
  void transfer_register(std::uint32_t selector);
  bool write_reset_control(std::uint32_t value);
  void start_reset();
  void finish_reset();
  void look();
  void set_catch();

  Target& target_;
  ResetBehaviour reset_;
  Now now_;
  BreakpointUnit breakpoints_;
  CodeBreakpoints code_breakpoints_;
  FaultCatch catch_;
  std::uint32_t control_ = 0;         // DHCSR's C_ bits
  std::uint32_t register_value_ = 0;  // DCRDR
  std::uint32_t monitor_ = 0;         // DEMCR
  std::uint32_t reasons_ = 0;         // DFSR
  bool is_halted_ = false;
  bool locked_up_ = false;
  bool was_reset_ = false;  // S_RESET_ST, cleared by reading
  bool pin_is_low_ = false;
  bool resetting_ = false;
  ProbeClock::time_point reset_ends_{};
};

}  // namespace tinyhil::sim
