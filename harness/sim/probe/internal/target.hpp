// SPDX-License-Identifier: Apache-2.0
// What a debug port is in front of: a bus with memory and peripherals, and a core that it can stop.
#pragma once

#include <cstdint>
#include <span>

namespace tinyhil::sim {

class MemoryBus {
 public:
  virtual ~MemoryBus() = default;

  // False: the bus answers with an error. Accesses of one, two and four bytes are one transfer each.
  virtual bool read(std::uint32_t address, std::span<std::uint8_t> into) = 0;
  virtual bool write(std::uint32_t address, std::span<const std::uint8_t> bytes) = 0;
};

// A core by the numbers of Armv7-M's DCRSR: 0 to 15, 16 xPSR, 17 MSP, 18 PSP, 20 CONTROL and its neighbours,
// 33 FPSCR, 64 to 95 S0 to S31.
class Target : public MemoryBus {
 public:
  struct News {
    bool stopped = false;    // the core ran into a breakpoint since the last look
    bool was_reset = false;  // it was reset, by itself or by us
    bool locked_up = false;  // it is, still: what it would run is no program
  };

  // None of these waits for more than its own deadline. Throws Error(bench_fault) when the target is gone.
  virtual News poll() = 0;
  virtual void halt() = 0;
  virtual void resume() = 0;
  virtual void step() = 0;                                     // needs a halted core, and leaves it halted
  virtual std::uint32_t read_register(unsigned selector) = 0;  // needs a halted core
  virtual void write_register(unsigned selector, std::uint32_t value) = 0;
  virtual void set_breakpoint(std::uint32_t address) = 0;  // may be called while the core runs
  virtual void clear_breakpoint(std::uint32_t address) = 0;
  enum class After { runs, is_halted };  // before its first instruction
  virtual void reset(After after) = 0;   // memory keeps what it holds
};

}  // namespace tinyhil::sim
