/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/agent.h"

int main(void) {
  thil_agent_run();
  return 0;
}
