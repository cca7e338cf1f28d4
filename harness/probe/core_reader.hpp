// SPDX-License-Identifier: Apache-2.0
// Reads what a halted Cortex-M tells of why it stopped: registers, fault registers and the stack. Example:
//
//   Result<CoreDump> dump = co_await read_core(target);
//   if (dump && dump->is_fault) co_await target.resume();  // its own handler goes on
#pragma once

#include "formats/core_dump.hpp"
#include "probe/target.hpp"

namespace tinyhil::probe {

// Bytes of a stack that are read, from the stack pointer on towards its top.
inline constexpr std::uint32_t kStackMost = 4096;

// Of a halted core; Fault `refused` when it runs. A core that was caught where a fault begins
// (Target::catch_faults) has the registers of the code that the fault interrupted, from what the processor
// has put on the stack. What cannot be read of the stack is left out. Faults as Target.
asio::awaitable<Result<CoreDump>> read_core(Target& target);
// The same of a core that may run: it is halted for as long as it takes, some tens of milliseconds.
asio::awaitable<Result<CoreDump>> halt_and_read_core(Target& target);

// The registers before an exception, of those at the first instruction of its handler and the eight words
// that the processor has put on the stack at `frame` (DDI0403E, B1.5.6 and B1.5.7): r0 to r3, r12, lr, pc,
// xPSR.
std::array<std::uint32_t, 17> before_exception(std::array<std::uint32_t, 17> in_handler, std::uint32_t frame,
                                               const std::array<std::uint32_t, 8>& stacked);

}  // namespace tinyhil::probe
