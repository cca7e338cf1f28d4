/* SPDX-License-Identifier: Apache-2.0 */
/* In place of uart.c: bytes go through rings in RAM (ports/rtt), which a debug probe fills and empties. */
#include "../rtt/rtt.h"
#include "line.h"
#include "uart.h"

void thil_line_start(void) { thil_rtt_start(); }
bool thil_line_empty(void) { return thil_rtt_empty(); }

void thil_uart_receive_handler(void) {} /* it is never enabled */
