/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/agent.h"

/* Your startup code calls this. With an RTOS: one task, with nothing else running while it measures. */
int main(void) {
  thil_agent_run();
  return 0;
}
