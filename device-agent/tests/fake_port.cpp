// SPDX-License-Identifier: Apache-2.0
#include "fake_port.hpp"

#include <algorithm>

#include "thil/wire.h"

FakePort* fake_port = nullptr;

// Memory after power on holds anything, so the slots do too.
FakePort::FakePort() {
  retained.fill(0xC3);
  models.fill(0xC3);
  arenas.fill(0xC3);
  vectors.fill(0xC3);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(image.data());
  info = {"fake-board", "F-1",        "fake-clock", 1000000, 32768, THIL_PROVENANCE_PROCESS,
          bytes,        image.size(), 8192};
  memory = {models.data(), kModelSlots,    kModelSlotSize, arenas.data(),
            kArenaSize,    vectors.data(), kVectorSlots,   kVectorSlotSize};
}

extern "C" {

void thil_port_start(void) {}
const thil_port_info* thil_port_info_get(void) { return &fake_port->info; }
const thil_port_memory* thil_port_memory_get(void) { return &fake_port->memory; }

size_t thil_port_read(uint8_t* bytes, size_t size) {
  auto& ring = fake_port->to_device;
  const size_t taken = std::min({size, ring.size(), fake_port->read_limit});
  const auto end = ring.begin() + static_cast<std::ptrdiff_t>(taken);
  std::copy(ring.begin(), end, bytes);
  ring.erase(ring.begin(), end);
  return taken;
}

uint32_t thil_port_bytes_lost(void) { return fake_port->bytes_lost; }

size_t thil_port_write(const uint8_t* bytes, size_t size) {
  const size_t taken = std::min(size, fake_port->write_limit);
  fake_port->to_host.insert(fake_port->to_host.end(), bytes, bytes + taken);
  return taken;
}

void thil_port_idle(void) {}
void thil_port_clock_restart(void) { fake_port->clock = 0; }
uint32_t thil_port_clock(void) { return fake_port->clock; }
uint32_t thil_port_timer(void) { return fake_port->timer; }
void thil_port_trigger(bool high) { fake_port->trigger.push_back(high); }

bool thil_port_rest(thil_rest_kind kind, uint32_t ms) {
  if (kind == THIL_REST_SLEEP ? !fake_port->can_sleep : !fake_port->can_rest) return false;
  if (ms == 0) return true;
  fake_port->rests.push_back({kind, ms, fake_port->to_host.size()});
  fake_port->timer += static_cast<std::uint32_t>(std::uint64_t{ms} * fake_port->info.timer_hz / 1000);
  fake_port->clock += static_cast<std::uint32_t>(std::uint64_t{ms} * fake_port->info.clock_hz / 1000);
  if (fake_port->on_rest) fake_port->on_rest();
  return true;
}
void thil_port_alive(void) { fake_port->alive++; }
void thil_port_quiet_begin(void) { fake_port->quiet_begun++; }
bool thil_port_quiet_end(void) { return !fake_port->disturbed; }
uint32_t thil_port_stack_free(void) { return 512; }
void thil_port_reset(void) { fake_port->resets++; }
uint8_t* thil_port_retained(void) { return fake_port->has_retained ? fake_port->retained.data() : nullptr; }

bool thil_port_rate(uint32_t baud) {
  if (baud > fake_port->fastest) return false;
  fake_port->rates.push_back(baud);
  fake_port->sent_before_rate = fake_port->to_host.size();
  return true;
}
}
