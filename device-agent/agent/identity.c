/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "thil/fault.h"

#ifndef TINYHIL_VERSION
#define TINYHIL_VERSION "dev"
#endif

/* Once: the image lies in flash and does not change while it runs. */
static bool know_image(thil_agent* agent) {
  const thil_port_info* info = agent->info;
  agent->image_known = agent->image_known || info->image_size == 0 ||
                       thil_agent_digest(agent, info->image, info->image_size, &agent->image);
  return agent->image_known;
}

static void describe_memory(const thil_agent* agent, thil_identity* identity) {
  identity->mtu = THIL_MTU_MAX;
  identity->window = agent->link.window;
  identity->capabilities = THIL_CAN_UNPACK | THIL_CAN_CHANGE_RATE;
  if (thil_engine_loads_models()) identity->capabilities |= THIL_CAN_LOAD_MODELS;
  if (thil_engine_checks_models()) identity->capabilities |= THIL_CHECKS_MODELS;
  if (THIL_PLACES != 0) identity->capabilities |= THIL_TELLS_PLACES;
  if (THIL_WINDOWS != 0 && thil_port_rest(THIL_REST_IDLE, 0)) {
    identity->capabilities |= THIL_CAN_RUN_WINDOWS;
    if (thil_port_rest(THIL_REST_SLEEP, 0)) identity->capabilities |= THIL_CAN_SLEEP;
    if (thil_engine_tells_layers()) identity->capabilities |= THIL_TELLS_LAYERS;
  }
  identity->model_slots = agent->models.count;
  identity->model_slot_size = thil_slots_capacity(&agent->models);
  identity->arena_size = agent->memory->arena_size;
  identity->vector_slots = agent->vectors.count;
  identity->vector_slot_size = thil_slots_capacity(&agent->vectors);
}

static void describe_board(const thil_port_info* info, thil_identity* identity) {
  identity->version = THIL_WIRE_VERSION;
  identity->provenance = info->provenance;
  identity->clock_hz = info->clock_hz;
  identity->timer_hz = info->timer_hz;
  identity->image_base = (uint32_t)(uintptr_t)info->image;
  identity->image_size = (uint32_t)info->image_size;
  thil_text_set(&identity->board, info->board);
  thil_text_set(&identity->serial, info->serial);
  thil_text_set(&identity->engine, thil_engine_name());
  thil_text_set(&identity->clock, info->clock);
  thil_text_set(&identity->build, TINYHIL_VERSION);
}

uint8_t thil_command_hello(thil_agent* agent, const void* request) {
  const thil_hello* hello = request;
  if (!know_image(agent)) return THIL_NO_ANSWER;
  thil_identity identity; /* every field is set below */
  identity.nonce = hello->nonce;
  identity.image = agent->image;
  describe_memory(agent, &identity);
  describe_board(agent->info, &identity);
  identity.crash = *thil_fault_last();
  thil_identity_write(thil_agent_reply(agent), &identity);
  return THIL_ID_identity;
}

uint8_t thil_command_segment(thil_agent* agent, const void* request) {
  const thil_segment* segment = request;
  const thil_port_info* info = agent->info;
  uint32_t size = (uint32_t)info->image_size;
  if (segment->offset > size || segment->size > size - segment->offset) {
    return thil_refuse(agent, THIL_REFUSED_RANGE);
  }
  thil_digested digested;
  if (!thil_agent_digest(agent, info->image + segment->offset, segment->size, &digested.digest)) {
    return THIL_NO_ANSWER;
  }
  thil_digested_write(thil_agent_reply(agent), &digested);
  return THIL_ID_digested;
}

uint8_t thil_command_check(thil_agent* agent, const void* request) {
  (void)request;
  thil_health health; /* every field is set below */
  health.frames_good = agent->link.decoder.good;
  health.frames_bad = agent->link.decoder.bad;
  health.bytes_lost = thil_port_bytes_lost();
  health.stack_free = thil_port_stack_free();
  health.run = agent->job.active ? agent->job.request.run : 0;
  health.results = agent->job.active ? agent->job.results : 0;
  thil_health_write(thil_agent_reply(agent), &health);
  return THIL_ID_health;
}
