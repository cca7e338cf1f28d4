/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "output.h"

static uint8_t refuse_load(thil_agent* agent, thil_engine_status status) {
  const thil_engine_report* report = &agent->report;
  switch (status) {
    case THIL_ENGINE_UNSUPPORTED:
      return thil_refuse_with(agent, THIL_REFUSED_MODEL_UNSUPPORTED, 0, report->detail);
    case THIL_ENGINE_ARENA_TOO_SMALL:
      return thil_refuse_with(agent, THIL_REFUSED_ARENA, report->arena_needed, report->detail);
    case THIL_ENGINE_LOAD_FAILED:
      return thil_refuse_with(agent, THIL_REFUSED_LOAD, 0, report->detail);
    case THIL_ENGINE_OK:
    case THIL_ENGINE_MALFORMED:
    case THIL_ENGINE_INVOKE_FAILED:
      break;
  }
  return thil_refuse_with(agent, THIL_REFUSED_MODEL_MALFORMED, 0, report->detail);
}

typedef char
    thil_tensors_begin_alike[offsetof(thil_tensor_info, bytes) == offsetof(thil_tensor, scale) ? 1 : -1];

static void describe(const thil_tensor_info* tensor, thil_tensor* to) {
  memcpy(to, tensor, offsetof(thil_tensor, scale)); /* alike so far */
  to->scale = tensor->scale;
  to->zero_point = tensor->zero_point;
}

static thil_engine_status load_slot(thil_agent* agent, uint16_t slot, const thil_slot_record* record,
                                    thil_engine_model** model) {
  const uint8_t* image = record->state == THIL_SLOT_FULL ? thil_slots_content(&agent->models, slot) : NULL;
  uint8_t* arena = agent->memory->arenas + (size_t)slot * agent->memory->arena_size;
  memset(&agent->report, 0, sizeof agent->report);
  return thil_engine_load(image, record->size, arena, agent->memory->arena_size, model, &agent->report);
}

uint8_t thil_command_load(thil_agent* agent, const void* request) {
  const thil_load* load = request;
  if (thil_agent_slots_with(agent, THIL_SLOT_MODEL, load->slot) == NULL) return THIL_ID_refused;
  const thil_slot_record* record = thil_slots_record(&agent->models, load->slot);
  if (record->state != THIL_SLOT_FULL && thil_engine_loads_models())
    return thil_refuse(agent, THIL_REFUSED_EMPTY_SLOT);

  thil_engine_model* model = NULL;
  agent->loaded[load->slot].engine = NULL; /* its arena is about to be overwritten */
  thil_engine_status status = load_slot(agent, load->slot, record, &model);
  if (status != THIL_ENGINE_OK) return refuse_load(agent, status);
  thil_tensor_info input = {0};
  thil_tensor_info output = {0};
  thil_engine_describe(model, &input, &output);

  const thil_model ready = {model, input.bytes, output.bytes, output.dtype,
                            (uint8_t)thil_dtype_size(output.dtype)};
  agent->loaded[load->slot] = ready;
  thil_loaded loaded = {0};
  loaded.slot = load->slot;
  loaded.model = record->digest;
  loaded.arena_used = agent->report.arena_needed;
  describe(&input, &loaded.input);
  describe(&output, &loaded.output);
  thil_loaded_write(thil_agent_reply(agent), &loaded);
  return THIL_ID_loaded;
}
