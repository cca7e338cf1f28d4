// SPDX-License-Identifier: Apache-2.0
#include "wire_faults.hpp"

namespace tinyhil::sim {

namespace {

bool is_due(std::uint64_t count, std::uint64_t every) { return every != 0 && count % every == 0; }

}  // namespace

WireFaultCounter::Turn WireFaultCounter::next(const WireFaults& faults) {
  if (waits_left_ > 0) return --waits_left_ > 0 ? Turn::wait : Turn::as_usual;
  ++accesses_;
  if (is_due(accesses_, faults.fault_every)) return Turn::fault;
  if (!is_due(accesses_, faults.wait_every)) return Turn::as_usual;
  waits_left_ = faults.waits;
  return Turn::wait;
}

}  // namespace tinyhil::sim
