/* SPDX-License-Identifier: Apache-2.0 */
#include "uart.h"

#include "port.h"
#include "registers.h"

enum { CLOCK_HZ = 25000000, BAUD = 921600, RING_MASK = THIL_UART_RING - 1 };

/* A byte takes 11 us; this is minutes on the board and ten seconds of a simulator's host that reads nothing.
 */
#define SEND_POLLS 0x40000000u

static uint8_t thil_buffer_ring[THIL_UART_RING];
static volatile uint32_t ring_head; /* free running; written by the interrupt only */
static volatile uint32_t ring_tail; /* free running; written by thil_port_read only */
static volatile uint32_t lost;

void thil_uart_start(void) {
  ring_head = 0;
  ring_tail = 0;
  lost = 0;
  UART0_BAUDDIV = CLOCK_HZ / BAUD;
  UART0_CTRL = UART_TX_ENABLE | UART_RX_ENABLE | UART_RX_INTERRUPT;
  NVIC_ISER0 = 1u << THIL_UART_IRQ;
}

/* Cleared before the byte is taken: a byte that follows at once raises it again. */
void thil_uart_receive_handler(void) {
  UART0_INTCLEAR = UART_RX_CLEAR;
  uint32_t state = UART0_STATE;
  if ((state & UART_RX_OVERRUN) != 0) {
    UART0_STATE = UART_RX_OVERRUN;
    lost++;
  }
  if ((state & UART_RX_FULL) == 0) return;
  uint8_t byte = (uint8_t)UART0_DATA;
  if (ring_head - ring_tail == THIL_UART_RING) {
    lost++;
    return;
  }
  thil_buffer_ring[ring_head & RING_MASK] = byte;
  ring_head++;
}

bool thil_uart_empty(void) { return ring_head == ring_tail; }

size_t thil_port_read(uint8_t* bytes, size_t size) {
  size_t taken = 0;
  uint32_t tail = ring_tail;
  for (uint32_t head = ring_head; taken < size && tail != head; ++tail) {
    bytes[taken++] = thil_buffer_ring[tail & RING_MASK];
  }
  ring_tail = tail;
  return taken;
}

uint32_t thil_port_bytes_lost(void) { return lost; }

static bool transmitter_ready(void) {
  for (uint32_t polls = 0; polls < SEND_POLLS; ++polls) {
    if ((UART0_STATE & UART_TX_FULL) == 0) return true;
  }
  return false;
}

/* Also waits for the last byte to leave the register: a measured invoke or a reset may follow. */
void thil_port_write(const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (!transmitter_ready()) return;
    UART0_DATA = bytes[i];
  }
  (void)transmitter_ready();
}
