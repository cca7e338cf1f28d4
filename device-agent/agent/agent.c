/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/agent.h"

#include <string.h>

#include "command.h"
#include "thil/fault.h"

static thil_agent agent;

void thil_agent_start(void) {
  thil_port_start();
  thil_fault_start();
  memset(&agent, 0, sizeof agent);
  agent.info = thil_port_info_get();
  agent.memory = thil_port_memory_get();
  const thil_port_memory* memory = agent.memory;
  uint16_t models = memory->model_slots < THIL_MODELS_MAX ? memory->model_slots : THIL_MODELS_MAX;
  thil_link_start(&agent.link, agent.info->receive_size);
  thil_slots_start(&agent.models, memory->models, models, memory->model_slot_size);
  thil_slots_start(&agent.vectors, memory->vectors, memory->vector_slots, memory->vector_slot_size);
  thil_session_booted(&agent);
}

/* A request whose digest is not whole yet is served again, and nothing else before it. */
bool thil_agent_step(void) {
  if (agent.info == NULL) return false;
  if (!thil_link_sent(&agent.link)) return true;
  if (agent.again || thil_link_receive(&agent.link, &agent.request)) {
    thil_session_serve(&agent, &agent.request);
  } else if (agent.job.active) {
    thil_job_step(&agent);
    if (agent.job.waiting == 0) (void)thil_log_send(&agent);
  } else {
    return thil_log_send(&agent);
  }
  return true;
}

void thil_agent_stop(void) {
  if (agent.info == NULL) return;
  agent.link.epoch = 0;
  thil_session_booted(&agent);
  thil_link_finish(&agent.link);
  agent.info = NULL;
}

thil_agent_status thil_agent_status_get(void) {
  thil_agent_status status = {false, false, 0};
  if (agent.info == NULL) return status;
  status.session = agent.link.epoch != 0;
  status.running = agent.job.active;
  status.frames = agent.link.decoder.good;
  return status;
}

void thil_agent_run(void) {
  thil_agent_start();
  for (;;) {
    thil_port_alive();
    if (!thil_agent_step()) thil_port_idle();
  }
}
