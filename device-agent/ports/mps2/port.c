/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/port.h"

#include "activity.h"
#include "line.h"
#include "registers.h"
#include "startup.h"
#include "thil/wire.h"
#include "uart.h"

enum {
  CLOCK_HZ = 25000000,
  MODEL_SLOTS = 4,
  MODEL_SLOT_SIZE = 512 * 1024,
  ARENA_SIZE = 256 * 1024,
  VECTOR_SLOTS = 192,
  VECTOR_SLOT_SIZE = 64 * 1024,
  IDLE_LOOKS = 200, /* cheaper than a sleep when a burst of bytes is on its way */
};

/* The image begins at address 0, which C takes for no address; the mirror shows the same memory. */
#define IMAGE_MIRROR 0x00400000u

#define SLOTS __attribute__((section(".bss.thil_slots"), aligned(16)))
SLOTS static uint8_t thil_buffer_models[MODEL_SLOTS * MODEL_SLOT_SIZE];
SLOTS static uint8_t thil_buffer_arenas[MODEL_SLOTS * ARENA_SIZE];
SLOTS static uint8_t thil_buffer_vectors[VECTOR_SLOTS * VECTOR_SLOT_SIZE];

static const thil_port_memory memory = {
    thil_buffer_models, MODEL_SLOTS,         MODEL_SLOT_SIZE, thil_buffer_arenas,
    ARENA_SIZE,         thil_buffer_vectors, VECTOR_SLOTS,    VECTOR_SLOT_SIZE,
};

__attribute__((section(".bss.thil_retained"), aligned(4))) static uint8_t retained[THIL_RETAINED_SIZE];

static thil_port_info info = {
    .board = THIL_BOARD,
    .serial = "",
    .clock = "cmsdk-timer0",
    .clock_hz = CLOCK_HZ,
    .timer_hz = CLOCK_HZ,
    .image = (const uint8_t*)IMAGE_MIRROR,
    .image_size = (size_t)thil_image_end,
    .receive_size = THIL_LINE_RECEIVE,
};

/* The FPGA's core has a DWT unit; QEMU reads its control register as zero. */
static uint8_t find_provenance(void) {
  SCB_DEMCR |= 1u << 24;
  return DWT_CTRL != 0 ? THIL_PROVENANCE_REAL : THIL_PROVENANCE_EMULATED;
}

void thil_port_start(void) {
  info.provenance = find_provenance();
  thil_line_start();
  thil_activity_start();
}

const thil_port_info* thil_port_info_get(void) { return &info; }
const thil_port_memory* thil_port_memory_get(void) { return &memory; }

/* A running timer would wake a QEMU whose clock jumps to the next deadline, for ever, so it is stopped. A
   byte that comes between the look and the sleep still ends the sleep: it is pending. */
void thil_port_idle(void) {
  TIMER0_CTRL = 0;
  for (uint32_t i = 0; i < IDLE_LOOKS; ++i) {
    if (!thil_line_empty()) return;
  }
  if (!THIL_LINE_WAKES) return;
  __asm volatile("cpsid i" ::: "memory");
  if (thil_line_empty()) __asm volatile("dsb\n wfi" ::: "memory");
  __asm volatile("cpsie i" ::: "memory");
}

/* Interrupts are masked, so that one which pends ends the WFI: the timer's, which nobody serves, or the
 * receiver's. */
static void wait_ms(uint32_t ms) {
  TIMER1_RELOAD = 0;
  TIMER1_VALUE = ms * (CLOCK_HZ / 1000);
  TIMER1_CTRL = TIMER_WITH_INTERRUPT;
  __asm volatile("cpsid i" ::: "memory");
  NVIC_ISER0 = 1u << TIMER1_IRQ;
  while (thil_line_empty() && (NVIC_ISPR0 & (1u << TIMER1_IRQ | 1u << THIL_UART_IRQ)) == 0) {
    __asm volatile("dsb\n wfi" ::: "memory");
  }
  NVIC_ICER0 = 1u << TIMER1_IRQ;
  TIMER1_CTRL = 0;
  TIMER1_INTERRUPT = 1;
  NVIC_ICPR0 = 1u << TIMER1_IRQ;
  __asm volatile("cpsie i" ::: "memory");
}

bool thil_port_rest(thil_rest_kind kind, uint32_t ms) {
  bool sleeps = kind == THIL_REST_SLEEP;
  if (ms == 0) return true;
  SCB_SCR = sleeps ? SCR_SLEEPDEEP : 0;
  thil_activity_change(THIL_ACTIVITY_POWER, sleeps ? THIL_ACTIVITY_SLEEP : THIL_ACTIVITY_IDLE);
  wait_ms(ms);
  thil_activity_change(THIL_ACTIVITY_POWER, 0);
  SCB_SCR = 0;
  return true;
}

void thil_port_clock_restart(void) {
  TIMER0_CTRL = 0;
  TIMER0_RELOAD = UINT32_MAX;
  TIMER0_VALUE = UINT32_MAX;
  TIMER0_CTRL = 1;
}

uint32_t thil_port_clock(void) { return UINT32_MAX - TIMER0_VALUE; }
uint32_t thil_port_timer(void) { return FPGAIO_COUNTER; }

void thil_port_trigger(bool high) {
  FPGAIO_LED0 = high ? 1 : 0;
  thil_activity_change(THIL_ACTIVITY_TRIGGER, high ? THIL_ACTIVITY_TRIGGER : 0);
}

void thil_port_alive(void) {}
void thil_port_quiet_begin(void) {}
bool thil_port_quiet_end(void) {
  return true;
} /* nothing runs but the receiver, which the agent asks itself */

uint32_t thil_port_stack_free(void) {
  const uint32_t* at = thil_stack_limit;
  while (at < thil_stack_top && *at == THIL_STACK_PAINT) ++at;
  return (uint32_t)((uintptr_t)at - (uintptr_t)thil_stack_limit);
}

uint8_t* thil_port_retained(void) { return retained; }

void thil_port_reset(void) {
  __asm volatile("dsb" ::: "memory");
  SCB_AIRCR = 0x05FA0004u;
  __asm volatile("dsb" ::: "memory");
  for (;;) __asm volatile("nop");
}
