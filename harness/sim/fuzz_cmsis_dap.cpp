// SPDX-License-Identifier: Apache-2.0
// Any reports to a CMSIS-DAP probe, in fragments.
#include "sim/probe/internal/cmsis_dap.hpp"
#include "testing/fuzzed_probe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tinyhil;
  test::hear({bytes, size}, [](sim::ProbeWires wires) { return sim::CmsisDap(wires, "1"); });
  return 0;
}
