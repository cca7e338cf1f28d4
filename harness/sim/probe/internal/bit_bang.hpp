// SPDX-License-Identifier: Apache-2.0
// OpenOCD's remote_bitbang protocol, a character for each edge (doc/manual/jtag/drivers/remote_bitbang.txt
// there), in front of a JTAG port. Pure.
#pragma once

#include "jtag_tap.hpp"
#include "probe_port.hpp"

namespace tinyhil::sim {

class BitBang : public ProbePort {
 public:
  explicit BitBang(ProbeWires wires) : wires_(wires), tap_(wires.port) {}

  bool receive(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& reply) override;
  void connected() override { tap_.reset(); }

 private:
  void drive(unsigned pins);  // TCK, TMS and TDI, from the highest bit down
  void reset(unsigned pins);  // TRST and SRST, active when one

  ProbeWires wires_;
  JtagTap tap_;
  bool clock_is_high_ = false;
};

}  // namespace tinyhil::sim
