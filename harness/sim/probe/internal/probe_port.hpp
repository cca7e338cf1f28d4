// SPDX-License-Identifier: Apache-2.0
// A probe as its host sees it: bytes in, bytes out. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core_debug.hpp"
#include "debug_port.hpp"

namespace tinyhil::sim {

// What every probe has on its other side. Both must outlive it.
struct ProbeWires {
  DebugPort& port;
  CoreDebug& core;  // its reset pin
};

class ProbePort {
 public:
  virtual ~ProbePort() = default;

  // What arrived from the host, in pieces of any size; appends what the host gets for it. False: no host says
  // such a thing, and the connection is to be closed.
  virtual bool receive(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& reply) = 0;
  virtual void connected() {}  // another host, or the same one again: whatever was half said is forgotten
};

}  // namespace tinyhil::sim
