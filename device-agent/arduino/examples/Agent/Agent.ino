// SPDX-License-Identifier: Apache-2.0
// port.c beside this sketch is ports/template: fill in its functions for your board.
#include <tinyhil_agent.h>

void setup() { thil_agent_start(); }

void loop() { thil_agent_step(); }
