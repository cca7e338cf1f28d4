/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "fault.h"
#include "sha256.h"

#ifndef TINYHIL_VERSION
#define TINYHIL_VERSION "dev"
#endif

/* Once: the image lies in flash and does not change while it runs. */
static thil_digest image_digest(thil_agent* agent) {
  if (!agent->image_known && agent->info->image != NULL) {
    thil_sha256_digest(agent->info->image, agent->info->image_size, &agent->image);
  }
  agent->image_known = true;
  return agent->image;
}

static void describe_memory(const thil_agent* agent, thil_identity* identity) {
  identity->mtu = THIL_MTU_MAX;
  identity->window = agent->link.window;
  identity->capabilities = THIL_CAN_UNPACK | THIL_CAN_CHANGE_RATE;
  if (thil_engine_loads_models()) identity->capabilities |= THIL_CAN_LOAD_MODELS;
  identity->model_slots = agent->models.count;
  identity->model_slot_size = thil_slots_capacity(&agent->models);
  identity->arena_size = agent->memory->arena_size;
  identity->vector_slots = agent->vectors.count;
  identity->vector_slot_size = thil_slots_capacity(&agent->vectors);
}

static void describe_fault(thil_identity* identity) {
  const thil_fault_record* fault = thil_fault_last();
  identity->fault = (uint8_t)fault->cause;
  identity->fault_status = fault->status;
  identity->fault_pc = fault->pc;
  identity->fault_lr = fault->lr;
  identity->fault_sp = fault->sp;
  identity->fault_run = fault->in_invoke ? fault->run : 0;
  identity->fault_vector = fault->vector;
  identity->fault_repeat = fault->repeat;
  identity->fault_model = fault->model;
}

static void describe_board(const thil_port_info* info, thil_identity* identity) {
  identity->version = THIL_WIRE_VERSION;
  identity->provenance = info->provenance;
  identity->clock_hz = info->clock_hz;
  identity->timer_hz = info->timer_hz;
  identity->board = thil_text_of(info->board);
  identity->serial = thil_text_of(info->serial);
  identity->engine = thil_text_of(thil_engine_name());
  identity->clock = thil_text_of(info->clock);
  identity->build = thil_text_of(TINYHIL_VERSION);
}

uint8_t thil_command_hello(thil_agent* agent, thil_reader* request, thil_writer* reply, thil_refused* why) {
  thil_hello hello;
  if (!thil_hello_read(request, &hello)) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "");
  thil_identity identity = {0};
  identity.nonce = hello.nonce;
  identity.image = image_digest(agent);
  describe_memory(agent, &identity);
  describe_board(agent->info, &identity);
  describe_fault(&identity);
  thil_identity_write(reply, &identity);
  return THIL_ID_identity;
}

uint8_t thil_command_check(thil_agent* agent, thil_reader* request, thil_writer* reply, thil_refused* why) {
  thil_check nothing;
  if (!thil_check_read(request, &nothing)) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "");
  thil_health health = {0};
  health.frames_good = agent->link.decoder.good;
  health.frames_bad = agent->link.decoder.bad;
  health.bytes_lost = thil_port_bytes_lost();
  health.stack_free = thil_port_stack_free();
  if (agent->job.active) {
    health.run = agent->job.request.run;
    health.results = agent->job.results;
  }
  thil_health_write(reply, &health);
  return THIL_ID_health;
}
