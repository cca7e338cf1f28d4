// SPDX-License-Identifier: Apache-2.0
// A simulated probe, in front of a fake core with flash, that hears any bytes in fragments of any size.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "sim/probe/internal/probe_port.hpp"
#include "sim/probe/internal/sam_flash.hpp"
#include "testing/fake_target.hpp"

namespace tinyhil::test {

// `make` makes the probe of its wires. Aborts when the answer grows without bounds.
template <class Make>
void hear(std::span<const std::uint8_t> bytes, Make make) {
  constexpr std::size_t kAnswerMax = 1 << 22;
  if (bytes.size() < 3) return;
  static FakeTarget target;
  sim::ProbeClock::time_point now{};
  sim::CoreDebug core(target, {}, [&] { return now; });
  sim::SamFlash flash(core, (bytes[0] & 1) != 0);
  sim::DebugPort port(flash, {.wait_every = bytes[0] & 6U, .fault_every = bytes[0] & 24U});
  auto probe = make(sim::ProbeWires{port, core});
  const std::size_t fragment = bytes[1] + 1U;
  std::vector<std::uint8_t> reply;
  for (bytes = bytes.subspan(2); !bytes.empty(); bytes = bytes.subspan(std::min(fragment, bytes.size()))) {
    if (!probe.receive(bytes.first(std::min(fragment, bytes.size())), reply)) probe.connected();
    if (reply.size() > kAnswerMax) std::abort();
  }
}

}  // namespace tinyhil::test
