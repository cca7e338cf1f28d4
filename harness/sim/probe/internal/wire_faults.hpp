// SPDX-License-Identifier: Apache-2.0
// What goes wrong between a probe and its target, by count: equal sessions meet equal faults.
#pragma once

#include <cstdint>
#include <optional>

namespace tinyhil::sim {

struct WireFaults {
  std::uint64_t wait_every = 0;          // each N-th access to memory is first answered with WAIT; 0: none
  std::uint64_t waits = 1;               // so often
  std::uint64_t fault_every = 0;         // each N-th access is answered with FAULT; 0: none
  std::optional<std::uint32_t> id = {};  // the debug port's, instead of the right one
};

class WireFaultCounter {
 public:
  enum class Turn { as_usual, wait, fault };
  Turn next(const WireFaults& faults);

 private:
  std::uint64_t accesses_ = 0;
  std::uint64_t waits_left_ = 0;
};

}  // namespace tinyhil::sim
