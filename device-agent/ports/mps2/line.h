/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line.h: what the board's port asks of its line beyond port.h. uart.c has it, and, in an image that is
 * compiled with THIL_PROBE_LINE and has no link but the debug probe, probe_line.c.
 */
#ifndef THIL_MPS2_LINE_H
#define THIL_MPS2_LINE_H

#include <stdbool.h>

#ifdef THIL_PROBE_LINE
#include "../rtt/rtt.h"
enum { THIL_LINE_RECEIVE = THIL_RTT_RECEIVE, THIL_LINE_WAKES = false };
#else
enum { THIL_LINE_RECEIVE = 16384, THIL_LINE_WAKES = true }; /* bytes; whether one that comes ends a WFI */
#endif

void thil_line_start(void);
bool thil_line_empty(void); /* nothing received that was not read */

#endif
