/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/port.h"

#include "thil/wire.h"
#include "virt.h"

enum {
  CLOCK_HZ = 10000000,
  TIMER_SHIFT = 9,
  TIMER_HZ = 1953125, /* 10^9 / 2^9 */
  MODEL_SLOTS = 2,
  MODEL_SLOT_SIZE = 32 * 1024,
  ARENA_SIZE = 32 * 1024,
  VECTOR_SLOTS = 16,
  VECTOR_SLOT_SIZE = 8 * 1024,
  RING = 8 * 1024,
  SEND_POLLS = 0x40000000,
};

/* From the linker script. */
extern const uint8_t image_end[];
extern uint8_t retained[THIL_RETAINED_SIZE];
#define FLASH 0x80000000u

#define SLOTS __attribute__((section(".slots"), aligned(16)))
SLOTS static uint8_t models[MODEL_SLOTS * MODEL_SLOT_SIZE];
SLOTS static uint8_t arenas[MODEL_SLOTS * ARENA_SIZE];
SLOTS static uint8_t vectors[VECTOR_SLOTS * VECTOR_SLOT_SIZE];

static const thil_port_memory memory = {
    .models = models,
    .model_slots = MODEL_SLOTS,
    .model_slot_size = MODEL_SLOT_SIZE,
    .arenas = arenas,
    .arena_size = ARENA_SIZE,
    .vectors = vectors,
    .vector_slots = VECTOR_SLOTS,
    .vector_slot_size = VECTOR_SLOT_SIZE,
};

static thil_port_info info = {
    .board = "riscv-virt",
    .serial = "",
    .clock = "mtime",
    .clock_hz = CLOCK_HZ,
    .timer_hz = TIMER_HZ,
    .provenance = THIL_PROVENANCE_EMULATED, /* there is no such silicon */
    .image = (const uint8_t*)FLASH,
    .receive_size = RING,
};

static struct {
  uint8_t bytes[RING];
  volatile uint32_t head; /* free running; written by the interrupt only */
  volatile uint32_t tail; /* free running; written by thil_port_read only */
  volatile uint32_t lost;
} ring;

void uart_receive(void) {
  for (uint8_t status = UART_STATUS; (status & UART_RECEIVED) != 0; status = UART_STATUS) {
    uint8_t byte = UART_DATA;
    bool full = ring.head - ring.tail == RING;
    if (full || (status & UART_OVERRUN) != 0) ring.lost++;
    if (full) continue;
    ring.bytes[ring.head % RING] = byte;
    ring.head++;
  }
}

void thil_port_start(void) {
  info.image_size = (uintptr_t)image_end - FLASH;
  UART_LINE_CONTROL = UART_8_BITS;
  UART_FIFO = UART_FIFO_ON;
  UART_INTERRUPTS = UART_RECEIVED;
  PLIC_UART_PRIORITY = 1;
  PLIC_ENABLE = 1u << PLIC_UART;
  PLIC_THRESHOLD = 0;
  __asm volatile("csrs mie, %0\n csrsi mstatus, 8" ::"r"(1u << 11));
}

const thil_port_info* thil_port_info_get(void) { return &info; }
const thil_port_memory* thil_port_memory_get(void) { return &memory; }

size_t thil_port_read(uint8_t* bytes, size_t size) {
  size_t taken = 0;
  for (; taken < size && ring.tail != ring.head; ++ring.tail) bytes[taken++] = ring.bytes[ring.tail % RING];
  return taken;
}

uint32_t thil_port_bytes_lost(void) { return ring.lost; }

static bool all_sent(void) {
  for (uint32_t polls = 0; polls < SEND_POLLS; ++polls) {
    if ((UART_STATUS & UART_SENT) != 0) return true;
  }
  return false;
}

size_t thil_port_write(const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size && all_sent(); ++i) UART_DATA = bytes[i];
  (void)all_sent();
  return size;
}

/* An interrupt that is pending ends the sleep, though it is masked. */
void thil_port_idle(void) {
  __asm volatile("csrci mstatus, 8" ::: "memory");
  if (ring.head == ring.tail) __asm volatile("wfi" ::: "memory");
  __asm volatile("csrsi mstatus, 8" ::: "memory");
}

static uint32_t clock_start;
void thil_port_clock_restart(void) { clock_start = CLINT_MTIME_LOW; }
uint32_t thil_port_clock(void) { return CLINT_MTIME_LOW - clock_start; }

uint32_t thil_port_timer(void) {
  uint32_t low = RTC_NANOSECONDS_LOW;
  return RTC_NANOSECONDS_HIGH << (32 - TIMER_SHIFT) | low >> TIMER_SHIFT;
}

void thil_port_trigger(bool high) { (void)high; }
bool thil_port_rest(thil_rest_kind kind, uint32_t ms) {
  (void)kind;
  (void)ms;
  return false;
} /* written from a page that did not have it */
void thil_port_alive(void) {}
void thil_port_quiet_begin(void) {}
bool thil_port_quiet_end(void) { return true; }
bool thil_port_rate(uint32_t baud) { return baud == 0; }

uint32_t thil_port_stack_free(void) {
  const uint32_t* at = stack_limit;
  while (at < stack_top && *at == STACK_PAINT) ++at;
  return (uint32_t)((uintptr_t)at - (uintptr_t)stack_limit);
}

uint8_t* thil_port_retained(void) { return retained; }

void thil_port_reset(void) {
  TEST_FINISHER = FINISHER_RESET;
  for (;;) {
  }
}
