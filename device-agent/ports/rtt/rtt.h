/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rtt.h: bytes to and from a debug probe through two rings in RAM, in the layout that SEGGER's RTT has, so
 * that OpenOCD, J-Link, probe-rs and pyOCD find and read them too. No peripheral, pin or interrupt is needed.
 * A port calls these from its own functions, or links line.c, which is `thil_port_read` and the others over
 * the rings.
 *
 *   control block, little-endian words: "SEGGER RTT" and zeros to 16 bytes, 1, 1, ring to the host, ring from
 * it a ring: address of a name, address of the bytes, size, write offset, read offset, flags (0: drop what is
 *   too much). Empty: the offsets are equal. The writer moves the first, the reader the second.
 *
 * The block is `thil_rtt_block`, which a debugger finds by this name or by its first 16 bytes. They are
 * written last, and nowhere else in memory in this order.
 */
#ifndef THIL_RTT_H
#define THIL_RTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of each ring, a multiple of 4; one byte of it stays free. A frame has up to 1.1 KB, and the host has
   as many under way as the ring takes. */
#ifndef THIL_RTT_RING
#define THIL_RTT_RING 4096
#endif

/* How often a full ring is looked at before its bytes are given up: a host that is there takes them within
   milliseconds, and one that was killed never does. */
#ifndef THIL_RTT_PATIENCE
#define THIL_RTT_PATIENCE 0x00800000u
#endif

enum { THIL_RTT_ID_SIZE = 16, THIL_RTT_RECEIVE = THIL_RTT_RING - 1 };

typedef struct thil_rtt_ring {
  uint32_t name;
  uint32_t bytes;
  uint32_t size;
  volatile uint32_t write;
  volatile uint32_t read;
  uint32_t flags;
} thil_rtt_ring;

typedef struct thil_rtt_control {
  volatile uint8_t id[THIL_RTT_ID_SIZE];
  uint32_t up_count;
  uint32_t down_count;
  thil_rtt_ring up;   /* to the host */
  thil_rtt_ring down; /* from the host */
} thil_rtt_control;

extern thil_rtt_control thil_rtt_block;

/* Builds the block anew, with empty rings. What a host had under way is lost, as at a reset. */
void thil_rtt_start(void);

/* Received bytes, at most `size`, without waiting; returns how many. Nothing announces them: no interrupt. */
size_t thil_rtt_read(uint8_t* bytes, size_t size);
bool thil_rtt_empty(void);

/* As thil_port_write: how many of the bytes may be forgotten, without waiting. 0 as long as the ring is full,
   and all of them once it was full for too long; then none wait until the host has read again. */
size_t thil_rtt_write(const uint8_t* bytes, size_t size);

#ifdef __cplusplus
}
#endif
#endif
