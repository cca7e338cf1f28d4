/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THIL_HOST_H
#define THIL_HOST_H

#include "options.h"

/* Before thil_agent_run: gives the port its memory, and the command line that a reset starts again with. */
void thil_host_prepare(const thil_options* options, char** arguments);

/* A crash of the process is explained as a board's is, and starts it anew; SIGUSR1 is the reset button. */
void thil_host_catch_crashes(void);

/* The terminal's rate as it was before the first thil_port_rate. Safe in a signal handler. */
void thil_host_restore_rate(void);

#endif
