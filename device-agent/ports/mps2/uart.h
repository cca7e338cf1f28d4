/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THIL_MPS2_UART_H
#define THIL_MPS2_UART_H

enum { THIL_UART_IRQ = 0 };

void thil_uart_receive_handler(void); /* the interrupt */

#endif
