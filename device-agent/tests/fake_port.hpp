// SPDX-License-Identifier: Apache-2.0
// A port for tests: bytes go in and out of vectors, time stands still until a test moves it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "thil/port.h"

struct FakePort {
  static constexpr std::uint16_t kModelSlots = 3;
  static constexpr std::uint32_t kModelSlotSize = 128;  // 48 of it are the slot's record
  static constexpr std::uint32_t kArenaSize = 2048;
  static constexpr std::uint16_t kVectorSlots = 40;
  static constexpr std::uint32_t kVectorSlotSize = 4096;

  FakePort();

  std::vector<std::uint8_t> to_device;
  std::vector<std::uint8_t> to_host;
  std::size_t read_limit = SIZE_MAX;   // bytes a single read returns at most
  std::size_t write_limit = SIZE_MAX;  // likewise a single write takes
  std::uint32_t clock = 0;
  std::uint32_t timer = 0;
  std::uint32_t bytes_lost = 0;
  unsigned resets = 0;
  unsigned alive = 0;
  unsigned quiet_begun = 0;
  bool disturbed = false;            // something else runs during every inference
  std::uint32_t fastest = 1000000;   // the highest rate it can
  std::vector<std::uint32_t> rates;  // every rate that was set
  std::size_t sent_before_rate = 0;  // bytes of to_host when the last one was
  bool has_retained = true;
  std::vector<bool> trigger;
  struct Rest {
    thil_rest_kind kind;
    std::uint32_t ms;
    std::size_t sent;  // bytes of to_host by then
  };
  bool can_rest = true;
  bool can_sleep = true;
  std::vector<Rest> rests;        // that the agent asked for
  std::function<void()> on_rest;  // called inside of each
  std::string image = "firmware";
  thil_port_info info{};
  thil_port_memory memory{};

  alignas(4) std::array<std::uint8_t, THIL_RETAINED_SIZE> retained;
  alignas(16) std::array<std::uint8_t, kModelSlots * kModelSlotSize> models;
  alignas(16) std::array<std::uint8_t, kModelSlots * kArenaSize> arenas;
  alignas(16) std::array<std::uint8_t, kVectorSlots * kVectorSlotSize> vectors;
};

// The one the C functions act on.
extern FakePort* fake_port;
