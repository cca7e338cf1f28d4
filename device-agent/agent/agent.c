/* SPDX-License-Identifier: Apache-2.0 */
#include "agent.h"

#include <string.h>

#include "command.h"
#include "fault.h"

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

void thil_agent_step(void) {
  thil_frame request;
  if (thil_link_receive(&agent.link, &request)) {
    thil_session_serve(&agent, &request);
  } else if (agent.job.active) {
    thil_job_step(&agent);
  } else {
    thil_port_idle();
  }
}

void thil_agent_run(void) {
  thil_agent_start();
  for (;;) thil_agent_step();
}
