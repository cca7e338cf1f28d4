// SPDX-License-Identifier: Apache-2.0
// A core and its memory without an emulator: what a debug port is tested in front of.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/probe/internal/target.hpp"

namespace tinyhil::test {

inline constexpr std::uint32_t kRam = 0x20000000;  // of the fake

class FakeTarget : public sim::Target {
 public:
  static constexpr std::uint32_t kRamSize = 0x10000, kCodeSize = 1 << 20;

  bool read(std::uint32_t address, std::span<std::uint8_t> into) override {
    std::uint8_t* const place = at(address, into.size());
    if (place != nullptr) std::copy_n(place, into.size(), into.begin());
    ++transfers;
    return place != nullptr;
  }
  bool write(std::uint32_t address, std::span<const std::uint8_t> bytes) override {
    std::uint8_t* const place = at(address, bytes.size());
    if (place != nullptr) std::ranges::copy(bytes, place);
    ++transfers;
    return place != nullptr;
  }
  News poll() override { return std::exchange(news, {}); }
  void halt() override { calls += "halt "; }
  void resume() override { calls += "resume "; }
  void step() override { calls += "step "; }
  std::uint32_t read_register(unsigned selector) override { return registers.at(selector); }
  void write_register(unsigned selector, std::uint32_t value) override { registers.at(selector) = value; }
  void set_breakpoint(std::uint32_t address) override { breakpoints.insert(address); }
  void clear_breakpoint(std::uint32_t address) override { breakpoints.erase(address); }
  void reset(After) override { calls += "reset "; }

  std::uint32_t word(std::uint32_t address) {
    const std::uint8_t* const place = at(address, 4);
    return static_cast<std::uint32_t>(place[0] | place[1] << 8 | place[2] << 16) |
           static_cast<std::uint32_t>(place[3]) << 24;
  }

  News news = {};          // of the next poll
  std::string calls;       // in order
  unsigned transfers = 0;  // on the bus
  std::array<std::uint32_t, 128> registers{};
  std::set<std::uint32_t> breakpoints;

 private:
  std::uint8_t* at(std::uint32_t address, std::size_t size) {
    if (address <= kCodeSize - size && size <= kCodeSize) return code_.data() + address;
    if (address >= kRam && address - kRam <= kRamSize - size) return ram_.data() + (address - kRam);
    return nullptr;
  }

  std::vector<std::uint8_t> code_ = std::vector<std::uint8_t>(kCodeSize, 0);
  std::vector<std::uint8_t> ram_ = std::vector<std::uint8_t>(kRamSize, 0);
};

}  // namespace tinyhil::test
