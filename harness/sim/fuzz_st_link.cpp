// SPDX-License-Identifier: Apache-2.0
// Any requests to ST's server, and commands of its probe, in fragments.
#include "sim/probe/internal/st_link_server.hpp"
#include "testing/fuzzed_probe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tinyhil;
  test::hear({bytes, size}, [](sim::ProbeWires wires) { return sim::StLinkServer(wires, "1"); });
  return 0;
}
