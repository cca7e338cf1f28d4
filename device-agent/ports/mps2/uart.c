/* SPDX-License-Identifier: Apache-2.0 */
#include "uart.h"

#include "line.h"
#include "registers.h"
#include "thil/port.h"

enum {
  CLOCK_HZ = 25000000,
  BAUD = 921600,
  BAUD_MIN = 1200,
  BAUD_MAX = CLOCK_HZ / 16,
  RING_MASK = THIL_LINE_RECEIVE - 1
};

/* A byte takes 11 us; this is minutes on the board and ten seconds of a simulator's host that reads nothing.
 */
#define SEND_POLLS 0x40000000u

static uint8_t thil_buffer_ring[THIL_LINE_RECEIVE];
static struct {
  volatile uint32_t head; /* free running; written by the interrupt only */
  volatile uint32_t tail; /* free running; written by thil_port_read only */
  volatile uint32_t lost;
} ring;

/* Nothing tells when the last bit has left, so this waits a byte long: a look at a register takes a clock or
 * more. */
bool thil_port_rate(uint32_t baud) {
  if (baud == 0) baud = BAUD;
  if (baud < BAUD_MIN || baud > BAUD_MAX) return false;
  for (uint32_t clocks = 10 * UART0_BAUDDIV; clocks > 0; --clocks) (void)UART0_STATE;
  UART0_BAUDDIV = (CLOCK_HZ + baud / 2) / baud;
  return true;
}

void thil_line_start(void) {
  (void)thil_port_rate(0);
  UART0_CTRL = UART_TX_ENABLE | UART_RX_ENABLE | UART_RX_INTERRUPT;
  NVIC_ISER0 = 1u << THIL_UART_IRQ;
}

/* Cleared before the byte is taken: a byte that follows at once raises it again. */
void thil_uart_receive_handler(void) {
  UART0_INTCLEAR = UART_RX_CLEAR;
  uint32_t state = UART0_STATE;
  if ((state & UART_RX_OVERRUN) != 0) {
    UART0_STATE = UART_RX_OVERRUN;
    ring.lost++;
  }
  if ((state & UART_RX_FULL) == 0) return;
  uint8_t byte = (uint8_t)UART0_DATA;
  uint32_t head = ring.head;
  if (head - ring.tail == THIL_LINE_RECEIVE) {
    ring.lost++;
    return;
  }
  thil_buffer_ring[head & RING_MASK] = byte;
  ring.head = head + 1;
}

bool thil_line_empty(void) { return ring.head == ring.tail; }

size_t thil_port_read(uint8_t* bytes, size_t size) {
  size_t taken = 0;
  uint32_t tail = ring.tail;
  for (uint32_t head = ring.head; taken < size && tail != head; ++tail) {
    bytes[taken++] = thil_buffer_ring[tail & RING_MASK];
  }
  ring.tail = tail;
  return taken;
}

uint32_t thil_port_bytes_lost(void) { return ring.lost; }

static bool transmitter_ready(void) {
  for (uint32_t polls = 0; polls < SEND_POLLS; ++polls) {
    if ((UART0_STATE & UART_TX_FULL) == 0) return true;
  }
  return false;
}

/* Also waits for the last byte to leave the register: a measured invoke or a reset may follow. */
size_t thil_port_write(const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size && transmitter_ready(); ++i) UART0_DATA = bytes[i];
  (void)transmitter_ready();
  return size;
}
