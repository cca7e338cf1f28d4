/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THIL_HOST_H
#define THIL_HOST_H

#include "options.h"

/* Before thil_agent_run: gives the port its memory, and the command line that a reset starts again with. */
void thil_host_prepare(const thil_options* options, char** arguments);

#endif
