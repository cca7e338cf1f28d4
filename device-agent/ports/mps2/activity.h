/* SPDX-License-Identifier: Apache-2.0 */
/*
 * activity.h: what the emulated board does, for a simulator of a current meter. At each change of the trigger
 * pin or of the power state 8 bytes leave on UART1, with the time of the change:
 *
 *   0     0xA5
 *   1     bit 0: trigger pin; bits 1 and 2: power state, 0 active, 1 idle, 2 sleep; bit 7: the board has just
 *         started, the rest is 0, and bytes 2 to 5 are the timer's ticks a second
 *   2..5  ticks of thil_port_timer, u32, little-endian
 *   6     number of the record since the start, modulo 256
 *   7     complement of the sum of bytes 0 to 6
 *
 * Silicon says nothing: it has a pin and a supply that can be measured.
 */
#ifndef THIL_MPS2_ACTIVITY_H
#define THIL_MPS2_ACTIVITY_H

#include <stdint.h>

enum { THIL_ACTIVITY_TRIGGER = 1, THIL_ACTIVITY_POWER = 6, THIL_ACTIVITY_IDLE = 2, THIL_ACTIVITY_SLEEP = 4 };

void thil_activity_start(void);

/* Those of `bits` are `to` now. */
void thil_activity_change(uint8_t bits, uint8_t to);

#endif
