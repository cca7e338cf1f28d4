/* SPDX-License-Identifier: Apache-2.0 */
/*
 * port.h: what the agent needs from a board. A port is one folder, ports/<board>/, with these functions and a
 * main() that calls thil_agent_run(). ports/template/ is the same list with a reason beside each line.
 */
#ifndef THIL_PORT_H
#define THIL_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { THIL_RETAINED_SIZE = 64 };

/* What a board is; constant after thil_port_start. The strings live forever. */
typedef struct thil_port_info {
  const char* board;     /* "mps2-an386" */
  const char* serial;    /* unique among boards of this kind; "" when there is none */
  const char* clock;     /* what thil_port_clock counts: "dwt-cyccnt", "cmsdk-timer0" */
  uint32_t clock_hz;     /* ticks a second of thil_port_clock; 0: no latency can be measured */
  uint32_t timer_hz;     /* ticks a second of thil_port_timer, an independent second timer; 0: none */
  uint8_t provenance;    /* thil_provenance of wire.h, found out rather than assumed */
  const uint8_t* image;  /* the firmware as it lies in flash, for its digest; 0 is an address too */
  size_t image_size;     /* 0: it cannot be read */
  uint32_t receive_size; /* bytes that may arrive while the agent computes: the receive ring */
} thil_port_info;

/* Memory that the board gives to slots; each 16-byte aligned and a multiple of 16 long, lent forever. The
   agent keeps the last 48 bytes of a model or vector slot for what it holds, and uses at most 8 model slots.
   A model that is compiled in needs one model slot, of these 48 bytes. */
typedef struct thil_port_memory {
  uint8_t* models; /* model_slots * model_slot_size */
  uint16_t model_slots;
  uint32_t model_slot_size;
  uint8_t* arenas; /* model_slots * arena_size */
  uint32_t arena_size;
  uint8_t* vectors; /* vector_slots * vector_slot_size */
  uint16_t vector_slots;
  uint32_t vector_slot_size;
} thil_port_memory;

/* Clocks, pins, interrupts, receive ring. Called once, first. */
void thil_port_start(void);

const thil_port_info* thil_port_info_get(void);
const thil_port_memory* thil_port_memory_get(void);

/* Received bytes, at most `size`, without waiting; returns how many. Reception is by interrupt or DMA into a
   ring, so that nothing is lost while the agent computes. */
size_t thil_port_read(uint8_t* bytes, size_t size);

/* Bytes that arrived when the ring was full, since start. */
uint32_t thil_port_bytes_lost(void);

/* Sends; returns how many of the bytes the agent may forget. It is called again with the rest until all are
   gone, so it may wait for the last one to leave and return `size`, or never wait: send what fits a FIFO, or
   start a DMA over the bytes, return 0 as long as that is under way, and then `size`. After the last byte the
   line must be quiet, for a measured inference may follow. Where the line takes nothing for a while (some
   character times), the bytes are lost: return `size`, and the frame's CRC tells the host. */
size_t thil_port_write(const uint8_t* bytes, size_t size);

/* Sleeps until a byte may have arrived. May return early. Called by thil_agent_run only. */
void thil_port_idle(void);

/* How the processor waits; numbers as thil_window_kind of wire.h. */
typedef enum thil_rest_kind {
  THIL_REST_IDLE = 2,  /* as the product waits for an interrupt: clocks run on */
  THIL_REST_SLEEP = 3, /* the deepest sleep that the product uses */
} thil_rest_kind;

enum { THIL_REST_MAX = 4000 }; /* ms that are asked for at once */

/* For current measurements: rests for so many ms, at most THIL_REST_MAX, woken by a timer, and returns true.
   It may return early when a byte has arrived. thil_port_timer (thil_port_clock where there is no timer)
   counts on meanwhile. False, at once, when this board has no such state; with 0 ms it only tells. A board
   that cannot rest idle runs no energy windows. */
bool thil_port_rest(thil_rest_kind kind, uint32_t ms);

/* Feeds a watchdog. Called by thil_agent_run before each step, and in an energy window before each inference
   and each piece of rest; the watchdog must be slower than the longest load, inference and THIL_REST_MAX. */
void thil_port_alive(void);

/* The latency clock. restart sets it to zero at a fixed phase, so that equal work gives equal ticks. */
void thil_port_clock_restart(void);
uint32_t thil_port_clock(void);

/* The second timer, free running, wraps at 2^32; 0 when there is none. */
uint32_t thil_port_timer(void);

/* A pin around each inference, or around a whole energy window, for a current meter; nothing where there is
   none. The clocks are read right before: what this function does after the edge is in neither. */
void thil_port_trigger(bool high);

/* Around each inference, outside of the clock: holds off what else may run on the processor, such as other
   threads (vTaskSuspendAll), as far as the application bears it. The end returns whether nothing ran; if
   something did, the row of a measured inference is marked *disturbed* and its latency does not count.
   Without threads: an empty function, and true. */
void thil_port_quiet_begin(void);
bool thil_port_quiet_end(void);

/* Painted stack that was never touched, in bytes; 0 when the port cannot tell. */
uint32_t thil_port_stack_free(void);

/* Resets the board. Does not return. */
void thil_port_reset(void);

/* THIL_RETAINED_SIZE bytes that a reset leaves as they are; 4-byte aligned. After a power cut they hold
   anything. NULL where a board has none. A crash is explained through them: the port's fault handler calls
   thil_fault_save (fault.h), then thil_port_reset. */
uint8_t* thil_port_retained(void);

/* Sets the line's rate from the next byte on, and lets what was written leave at the old one; false, and
   nothing is changed, when this board cannot. 0 is the first rate, to which a reset returns too. */
bool thil_port_rate(uint32_t baud);

#ifdef __cplusplus
}
#endif
#endif
