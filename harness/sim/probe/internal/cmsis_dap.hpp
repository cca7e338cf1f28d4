// SPDX-License-Identifier: Apache-2.0
// A CMSIS-DAP version 1 probe: one report of 64 bytes in, one out (Arm's CMSIS-DAP 2.1, "Commands"). It
// drives SWD only. Its bytes come as whole reports, one after the other. Pure.
#pragma once

#include <string>

#include "probe_port.hpp"

namespace tinyhil::sim {

class CmsisDap : public ProbePort {
 public:
  static constexpr std::size_t kReport = 64;

  CmsisDap(ProbeWires wires, std::string serial) : wires_(wires), serial_(std::move(serial)) {}

  bool receive(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& reply) override;
  void connected() override { waiting_.clear(); }

 private:
  using Report = std::vector<std::uint8_t>;  // of an answer; what is behind its end is zero
  Report execute(std::span<const std::uint8_t> request);
  Report inform(std::uint8_t what) const;
  Report drive_pins(std::span<const std::uint8_t> request);
  Report send_sequence(std::span<const std::uint8_t> request);
  Report transfer(std::span<const std::uint8_t> request);
  Report transfer_block(std::span<const std::uint8_t> request);

  struct Step {
    std::uint8_t how;  // as the host wrote it
    std::uint32_t data;
  };
  std::size_t transfer_all(std::span<const Step> steps, std::size_t status, Report& reply);
  DebugPort::Block transfer_data(std::span<const Step> steps, Report& reply);

  // One transfer, with its data where it writes; appends what it reads.
  Ack transfer_one(std::uint8_t how, std::uint32_t data, Report& reply);
  Ack match(std::uint8_t how, std::uint32_t wanted, Report& reply);
  DebugPort::Answer read(std::uint8_t how);
  Ack write(std::uint8_t how, std::uint32_t value);

  ProbeWires wires_;
  std::string serial_;
  std::vector<std::uint8_t> waiting_;
  std::uint16_t wait_retries_ = 0;
  std::uint16_t match_retries_ = 0;
  std::uint32_t match_mask_ = 0;
};

}  // namespace tinyhil::sim
