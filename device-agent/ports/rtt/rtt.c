/* SPDX-License-Identifier: Apache-2.0 */
#include "rtt.h"

#include <string.h>

/* The probe is another master on the bus: bytes before the offset that tells of them, and the offset before
   the bytes are looked at. */
#if defined(__ARM_ARCH)
#define BARRIER() __asm volatile("dmb" ::: "memory")
#elif defined(__GNUC__)
#define BARRIER() __sync_synchronize()
#else
#error "define BARRIER: it orders memory accesses as another bus master sees them"
#endif

/* Backwards, so that whoever searches the memory finds the block only. */
static const uint8_t id_backwards[THIL_RTT_ID_SIZE] = {0,   0,   0,   0,   0,   0,   'T', 'T',
                                                       'R', ' ', 'R', 'E', 'G', 'G', 'E', 'S'};
static const char name[] = "tinyhil";

thil_rtt_control thil_rtt_block;
static uint32_t thil_buffer_up[THIL_RTT_RING / 4];
static uint32_t thil_buffer_down[THIL_RTT_RING / 4];

static uint32_t fruitless; /* looks at a full ring, in a row */
static bool given_up;
static uint32_t read_then; /* where the host was when it was given up */

static void build(thil_rtt_ring* ring, const uint32_t* bytes) {
  ring->name = (uint32_t)(uintptr_t)name;
  ring->bytes = (uint32_t)(uintptr_t)bytes;
  ring->size = THIL_RTT_RING;
  ring->write = 0;
  ring->read = 0;
  ring->flags = 0;
}

void thil_rtt_start(void) {
  for (size_t i = 0; i < THIL_RTT_ID_SIZE; ++i) thil_rtt_block.id[i] = 0;
  BARRIER();
  thil_rtt_block.up_count = 1;
  thil_rtt_block.down_count = 1;
  build(&thil_rtt_block.up, thil_buffer_up);
  build(&thil_rtt_block.down, thil_buffer_down);
  fruitless = 0;
  given_up = false;
  BARRIER();
  for (size_t i = THIL_RTT_ID_SIZE; i-- > 0;) {
    thil_rtt_block.id[i] = id_backwards[THIL_RTT_ID_SIZE - 1 - i];
  }
  BARRIER();
}

bool thil_rtt_empty(void) { return thil_rtt_block.down.write == thil_rtt_block.down.read; }

/* What a stray write of the host's left in an offset must not lead outside of the ring. */
static uint32_t offset_of(uint32_t offset) { return offset < THIL_RTT_RING ? offset : 0; }

static size_t least(size_t one, size_t other) { return one < other ? one : other; }

size_t thil_rtt_read(uint8_t* bytes, size_t size) {
  thil_rtt_ring* ring = &thil_rtt_block.down;
  uint32_t write = offset_of(ring->write);
  uint32_t at = offset_of(ring->read);
  size_t taken = 0;
  BARRIER();
  while (taken < size && at != write) {
    size_t end = write > at ? write : THIL_RTT_RING;
    size_t part = least(size - taken, end - at);
    memcpy(bytes + taken, (const uint8_t*)thil_buffer_down + at, part);
    taken += part;
    at = offset_of(at + (uint32_t)part);
  }
  BARRIER();
  ring->read = at;
  return taken;
}

static size_t wait_for_host(size_t size, uint32_t read) {
  if (given_up && read == read_then) return size;
  given_up = false;
  if (++fruitless < THIL_RTT_PATIENCE) return 0;
  fruitless = 0;
  given_up = true;
  read_then = read;
  return size;
}

size_t thil_rtt_write(const uint8_t* bytes, size_t size) {
  thil_rtt_ring* ring = &thil_rtt_block.up;
  uint32_t read = offset_of(ring->read);
  uint32_t at = offset_of(ring->write);
  size_t room = (read > at ? read : read + THIL_RTT_RING) - at - 1;
  if (size == 0) return 0;
  if (room == 0) return wait_for_host(size, read);
  fruitless = 0;
  given_up = false;
  BARRIER();
  size = least(size, room);
  size_t first = least(size, THIL_RTT_RING - at);
  memcpy((uint8_t*)thil_buffer_up + at, bytes, first);
  memcpy(thil_buffer_up, bytes + first, size - first);
  BARRIER();
  ring->write = (at + (uint32_t)size) % THIL_RTT_RING;
  return size;
}
