// SPDX-License-Identifier: Apache-2.0
// DEMCR.VC_HARDERR: the core halts where a HardFault begins. QEMU has no vector catch, so that a breakpoint
// of its stub stands at the handler that the vector table names. Pure.
#pragma once

#include <optional>

#include "target.hpp"

namespace tinyhil::sim {

class FaultCatch {
 public:
  // Before the core runs, and when a debugger changes its mind.
  void apply(Target& target, bool is_wanted);
  bool is_at(Target& target) const;  // whether a halted core stands there
  void step_over(Target& target);    // of a halted one that does, which else would never leave

 private:
  std::optional<std::uint32_t> set_;
};

}  // namespace tinyhil::sim
