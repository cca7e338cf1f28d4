/* SPDX-License-Identifier: Apache-2.0 */
#include "activity.h"

#include "registers.h"
#include "thil/port.h"
#include "thil/wire.h"

enum { STARTED = 0x80, BEGINS_WITH = 0xA5, SEND_POLLS = 0x01000000 };

static uint8_t state;
static uint8_t sequence;
static bool told;

static void send(uint8_t byte) {
  for (uint32_t polls = 0; (UART1_STATE & UART_TX_FULL) != 0 && polls < SEND_POLLS; ++polls) {
  }
  UART1_DATA = byte;
}

static void tell(uint8_t what, uint32_t number) {
  const uint8_t record[7] = {BEGINS_WITH,
                             what,
                             (uint8_t)number,
                             (uint8_t)(number >> 8),
                             (uint8_t)(number >> 16),
                             (uint8_t)(number >> 24),
                             sequence};
  uint8_t sum = 0;
  for (uint32_t i = 0; i < sizeof record; ++i) {
    sum = (uint8_t)(sum + record[i]);
    send(record[i]);
  }
  send((uint8_t)~sum);
  sequence++;
}

void thil_activity_start(void) {
  const thil_port_info* info = thil_port_info_get();
  told = info->provenance == THIL_PROVENANCE_EMULATED;
  if (!told) return;
  UART1_BAUDDIV = 16;
  UART1_CTRL = UART_TX_ENABLE;
  tell(STARTED, info->timer_hz);
}

void thil_activity_change(uint8_t bits, uint8_t to) {
  const uint32_t now = FPGAIO_COUNTER;
  const uint8_t next = (uint8_t)((state & ~bits) | to);
  if (!told || next == state) return;
  state = next;
  tell(state, now);
}
