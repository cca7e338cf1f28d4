// SPDX-License-Identifier: Apache-2.0
// The flash of a Microchip SAM E54 as a debugger meets it: the controller NVMCTRL and the device service
// unit, on top of plain memory at address 0 (DS60001507, chapters 12 and 25; OpenOCD's driver atsame5).
// Whatever a debugger writes there goes into the page buffer; a command programs it, which only clears bits.
// The core itself sees the memory and neither of the two units. Pure.
#pragma once

#include <array>
#include <vector>

#include "target.hpp"

namespace tinyhil::sim {

class SamFlash : public MemoryBus {
 public:
  static constexpr std::uint32_t kSize = 1 << 20, kPage = 512, kBlock = 16 * kPage;
  static constexpr std::uint8_t kErased = 0xFF;

  // `bus` has memory where the flash is, and must outlive it. A locked one, whose security bit is set, shows
  // a debugger nothing until it is erased.
  SamFlash(MemoryBus& bus, bool is_locked);

  bool read(std::uint32_t address, std::span<std::uint8_t> into) override;
  bool write(std::uint32_t address, std::span<const std::uint8_t> bytes) override;

 private:
  bool is_hidden(std::uint32_t address) const;
  std::uint8_t read_register(std::uint32_t address) const;
  void write_register(std::uint32_t address, std::span<const std::uint8_t> bytes);
  void buffer(std::uint32_t address, std::span<const std::uint8_t> bytes);
  void execute(std::uint8_t command);
  void program();
  void erase(std::uint32_t address);
  void erase_all();
  bool is_protected(std::uint32_t address);
  void fill(std::uint32_t address, std::uint32_t size);

  MemoryBus& bus_;
  bool is_locked_;
  std::array<std::uint8_t, kPage> buffer_{};
  std::array<std::uint8_t, kPage> user_page_{};
  std::uint32_t address_ = 0;
  std::uint32_t unlocked_ = 0xFFFFFFFF;  // a bit for each 32nd of the flash
  std::uint16_t flags_ = 0;
  std::uint8_t service_status_ = 0;  // of the device service unit
};

}  // namespace tinyhil::sim
