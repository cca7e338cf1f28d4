// SPDX-License-Identifier: Apache-2.0
// Any characters of OpenOCD's remote_bitbang.
#include "sim/probe/internal/bit_bang.hpp"
#include "testing/fuzzed_probe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tinyhil;
  test::hear({bytes, size}, [](sim::ProbeWires wires) { return sim::BitBang(wires); });
  return 0;
}
