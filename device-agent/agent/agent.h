/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent.h: the firmware's side of the link. Links against one port (port.h) and one engine (engine.h).
 * All state is one static context; nothing here is reentrant.
 */
#ifndef THIL_AGENT_H
#define THIL_AGENT_H

#ifdef __cplusplus
extern "C" {
#endif

/* What main() calls: starts the port and serves the host forever. */
void thil_agent_run(void);

/* The two parts of it, for tests. A start forgets every slot, model and session; a step answers at most one
   request, or makes one inference of a run, or lets the port idle. */
void thil_agent_start(void);
void thil_agent_step(void);

#ifdef __cplusplus
}
#endif
#endif
