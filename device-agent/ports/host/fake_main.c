/* SPDX-License-Identifier: Apache-2.0 */
/* thil-agent-fake: the fake engine, as slow and as wrong as the command line says. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "fake_engine.h"
#include "host.h"
#include "thil/agent.h"

static uint32_t invoke_us;

static uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Busy, as an inference is: a sleep would end late. */
static void work(void) {
  for (uint64_t end = now_us() + invoke_us; now_us() < end;) {
  }
}

int main(int count, char** arguments) {
  const thil_options options = thil_options_read(count, arguments, true);
  invoke_us = options.invoke_us;
  if (invoke_us != 0) fake_engine_on_invoke(work);
  fake_engine_add_to_outputs((uint8_t)options.output_bias);
  thil_host_prepare(&options, arguments);
  thil_agent_run();
}
