/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THIL_MPS2_UART_H
#define THIL_MPS2_UART_H

#include <stdbool.h>

enum { THIL_UART_RING = 16384, THIL_UART_IRQ = 0 };

void thil_uart_start(void);
bool thil_uart_empty(void);           /* nothing received that was not read */
void thil_uart_receive_handler(void); /* the interrupt */

#endif
