/* SPDX-License-Identifier: Apache-2.0 */
/* The line of a port whose only link is the debug probe. The port calls thil_rtt_start from thil_port_start,
   says THIL_RTT_RECEIVE for its receive_size, and does not sleep in thil_port_idle without a timer that wakes
   it. */
#include "rtt.h"
#include "thil/port.h"

size_t thil_port_read(uint8_t* bytes, size_t size) { return thil_rtt_read(bytes, size); }

size_t thil_port_write(const uint8_t* bytes, size_t size) { return thil_rtt_write(bytes, size); }

uint32_t thil_port_bytes_lost(void) { return 0; } /* the host sees how much room there is */

bool thil_port_rate(uint32_t baud) { return baud == 0; }
