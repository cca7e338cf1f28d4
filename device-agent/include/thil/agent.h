/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent.h: the firmware's side of the link. Links against one port (port.h) and one engine (engine.h).
 *
 * There is one agent in an image; all its state is static. Its functions are for one thread, in which the
 * port's and the engine's functions are then called; none of them is for an interrupt handler, and none is
 * reentrant.
 *
 * An image that is a device under test and nothing else calls thil_agent_run from main. A guest in somebody's
 * firmware calls thil_agent_start when the test mode begins, thil_agent_step from its main loop or from a
 * thread, and thil_agent_stop when it wants line and memory back:
 *
 *   thil_agent_start();
 *   while (test_mode) {
 *     feed_watchdog();
 *     if (!thil_agent_step()) vTaskDelay(1);
 *   }
 *   thil_agent_stop();
 */
#ifndef THIL_AGENT_H
#define THIL_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Starts the port and serves the host forever: thil_port_alive before each step, thil_port_idle when there is
   nothing to do. Does not return. */
void thil_agent_run(void);

/* Calls thil_port_start and forgets every slot, model and session. From now on the memory of
   thil_port_memory_get is the agent's. */
void thil_agent_start(void);

/* Does one piece of work: sends a part of a frame, answers a request, digests a kilobyte, loads a model, or
   makes one inference of a run, or runs a whole energy window. True when there may be more to do at once;
   false when it waits for the host. Apart from loads and inferences, which take as long as the engine does,
   and windows, the longest piece is about 200,000 instructions (-Os on a Cortex-M4). Does nothing when the
   agent was not started. */
bool thil_agent_step(void);

/* Tells the host that the session has ended, and gives the memory back: until the next thil_agent_start the
   agent touches nothing. Needs at most the time of one frame on the line. */
void thil_agent_stop(void);

typedef struct thil_agent_status {
  bool session;    /* a host has said hello since the start. It may be gone by now: watch `frames` */
  bool running;    /* inferences are under way */
  uint32_t frames; /* good frames that have come since the start */
} thil_agent_status;

/* All zero when the agent was not started. */
thil_agent_status thil_agent_status_get(void);

/* For application and engine: says something to the host, which shows it in its reports, in errors and in
   `tinyhil console`. `level` is a thil_log_level of wire.h; of the text 100 characters, UTF-8, are taken.

     thil_agent_log(THIL_LOG_WARNING, "sensor did not answer, using the last value");

   Only copies the text, so that it may be called during an inference too; it is sent when the device has
   nothing else to do, and in a run behind the rows that wait. 256 bytes wait at most: what finds no room is
   dropped and counted. For the thread that steps the agent, not for interrupts. */
void thil_agent_log(uint8_t level, const char* text);

#ifdef __cplusplus
}
#endif
#endif
