// SPDX-License-Identifier: Apache-2.0
// ST's stlink-server with one probe, as OpenOCD's `st-link backend tcp` speaks to it: requests of a fixed
// size over TCP, each with one answer (src/jtag/drivers/stlink_usb.c). Pure.
#pragma once

#include <string>

#include "st_link.hpp"

namespace tinyhil::sim {

class StLinkServer : public ProbePort {
 public:
  StLinkServer(ProbeWires wires, std::string serial) : probe_(wires), serial_(std::move(serial)) {}

  bool receive(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& reply) override;
  void connected() override { waiting_.clear(); }

 private:
  // Bytes of the request at the start of these; 0: more are needed, or it is none.
  std::size_t size_of(std::span<const std::uint8_t> request) const;
  void answer(std::span<const std::uint8_t> request, std::vector<std::uint8_t>& reply);
  void pass_on(std::span<const std::uint8_t> request, std::vector<std::uint8_t>& reply);
  void describe(std::vector<std::uint8_t>& reply) const;

  StLink probe_;
  std::string serial_;
  std::vector<std::uint8_t> waiting_;
};

}  // namespace tinyhil::sim
