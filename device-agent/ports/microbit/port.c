/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/port.h"

#include "microbit.h"
#include "thil/wire.h"

enum {
  CLOCK_HZ = 16000000,
  MODEL_SLOT_SIZE = 48, /* the model is in flash: what the agent notes, and no content */
  ARENA_SIZE = 8256,
  VECTOR_SLOT_SIZE = 1024 + 48,
  RING = 1056,
  SEND_POLLS = 0x01000000,
};

/* From the linker script. */
extern const uint8_t image_end[];
extern uint8_t retained[THIL_RETAINED_SIZE];

#define SLOTS __attribute__((section(".slots"), aligned(16)))
SLOTS static uint8_t model[MODEL_SLOT_SIZE];
SLOTS static uint8_t arena[ARENA_SIZE];
SLOTS static uint8_t vectors[VECTOR_SLOT_SIZE];

static const thil_port_memory memory = {
    .models = model,
    .model_slots = 1,
    .model_slot_size = MODEL_SLOT_SIZE,
    .arenas = arena,
    .arena_size = ARENA_SIZE,
    .vectors = vectors,
    .vector_slots = 1,
    .vector_slot_size = VECTOR_SLOT_SIZE,
};

static char serial[17];
static thil_port_info info = {
    .board = "microbit",
    .serial = serial,
    .clock = "timer0",
    .clock_hz = CLOCK_HZ,
    .timer_hz = 0, /* the other timers count the same crystal */
    .image = 0,    /* where the flash begins */
    .image_size = (size_t)image_end,
    .receive_size = RING,
};

static struct {
  uint8_t bytes[RING];
  volatile uint32_t head; /* written by the interrupt only */
  volatile uint32_t tail; /* written by thil_port_read only */
  volatile uint32_t lost;
} ring;

static uint32_t after(uint32_t index) { return index + 1 == RING ? 0 : index + 1; }

/* Cleared before the byte is taken: the next byte of the FIFO raises it again. */
void uart_receive_handler(void) {
  UART0_RXDRDY = 0;
  uint8_t byte = (uint8_t)UART0_RXD;
  if ((UART0_ERRORSRC & UART_OVERRUN) != 0) {
    UART0_ERRORSRC = UART_OVERRUN;
    ring.lost++;
  }
  uint32_t next = after(ring.head);
  if (next == ring.tail) {
    ring.lost++;
    return;
  }
  ring.bytes[ring.head] = byte;
  ring.head = next;
}

static void uart_start(void) {
  GPIO_OUTSET = 1u << PIN_TX;
  GPIO_DIRSET = 1u << PIN_TX | 1u << PIN_TRIGGER;
  UART0_PSELTXD = PIN_TX;
  UART0_PSELRXD = PIN_RX;
  UART0_BAUDRATE = BAUD_115200;
  UART0_ENABLE = UART_ENABLED;
  UART0_STARTTX = 1;
  UART0_STARTRX = 1;
  UART0_INTENSET = UART_RXDRDY_BIT;
  NVIC_ISER = 1u << UART0_IRQ;
}

static void read_serial(void) {
  uint32_t words[2] = {FICR_DEVICEID1, FICR_DEVICEID0};
  for (uint32_t i = 0; i < 16; ++i) serial[i] = "0123456789abcdef"[words[i / 8] >> (28 - 4 * (i % 8)) & 15];
}

/* QEMU has no RTC: what is written there is lost. */
static uint8_t find_provenance(void) {
  RTC0_PRESCALER = 1;
  return RTC0_PRESCALER == 1 ? THIL_PROVENANCE_REAL : THIL_PROVENANCE_EMULATED;
}

void thil_port_start(void) {
  CLOCK_HFCLKSTARTED = 0;
  CLOCK_HFCLKSTART = 1;
  for (uint32_t polls = 0; CLOCK_HFCLKSTARTED == 0 && polls < SEND_POLLS; ++polls) {
  }
  TIMER0_BITMODE = TIMER_32_BITS;
  TIMER0_PRESCALER = 0;
  read_serial();
  info.provenance = find_provenance();
  uart_start();
}

const thil_port_info* thil_port_info_get(void) { return &info; }
const thil_port_memory* thil_port_memory_get(void) { return &memory; }

size_t thil_port_read(uint8_t* bytes, size_t size) {
  size_t taken = 0;
  while (taken < size && ring.tail != ring.head) {
    bytes[taken++] = ring.bytes[ring.tail];
    ring.tail = after(ring.tail);
  }
  return taken;
}

uint32_t thil_port_bytes_lost(void) { return ring.lost; }

size_t thil_port_write(const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    UART0_TXDRDY = 0;
    UART0_TXD = bytes[i];
    for (uint32_t polls = 0; UART0_TXDRDY == 0 && polls < SEND_POLLS; ++polls) {
    }
  }
  return size;
}

/* The timer is stopped: it would keep an emulated clock awake, and a real one costs power. */
void thil_port_idle(void) {
  TIMER0_STOP = 1;
  __asm volatile("cpsid i" ::: "memory");
  if (ring.head == ring.tail) __asm volatile("dsb\n wfi" ::: "memory");
  __asm volatile("cpsie i" ::: "memory");
}

void thil_port_clock_restart(void) {
  TIMER0_STOP = 1;
  TIMER0_CLEAR = 1;
  TIMER0_START = 1;
}

uint32_t thil_port_clock(void) {
  TIMER0_CAPTURE0 = 1;
  return TIMER0_CC0;
}

uint32_t thil_port_timer(void) { return 0; }

void thil_port_trigger(bool high) {
  if (high) {
    GPIO_OUTSET = 1u << PIN_TRIGGER;
  } else {
    GPIO_OUTCLR = 1u << PIN_TRIGGER;
  }
}

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
  SCB_AIRCR = 0x05FA0004u;
  for (;;) {
  }
}
