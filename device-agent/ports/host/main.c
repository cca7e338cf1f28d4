/* SPDX-License-Identifier: Apache-2.0 */
#include "host.h"
#include "thil/agent.h"

int main(int count, char** arguments) {
  const thil_options options = thil_options_read(count, arguments, false);
  thil_host_prepare(&options, arguments);
  thil_agent_run();
}
