/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "output.h"
#include "thil/cursor.h"

static uint8_t refuse_load(thil_agent* agent, thil_engine_status status) {
  static const uint8_t reasons[] = {
      [THIL_ENGINE_MALFORMED] = THIL_REFUSED_MODEL_MALFORMED,
      [THIL_ENGINE_UNSUPPORTED] = THIL_REFUSED_MODEL_UNSUPPORTED,
      [THIL_ENGINE_ARENA_TOO_SMALL] = THIL_REFUSED_ARENA,
      [THIL_ENGINE_INVOKE_FAILED] = THIL_REFUSED_MODEL_MALFORMED,
      [THIL_ENGINE_LOAD_FAILED] = THIL_REFUSED_LOAD,
  };
  const thil_engine_report* report = &agent->report;
  uint32_t value = status == THIL_ENGINE_ARENA_TOO_SMALL ? report->arena_needed : 0;
  return thil_refuse_with(agent, (thil_refusal)reasons[status], value, report->detail);
}

/* By turns an input and an output, as far as there are any. */
static void describe(thil_writer* reply, thil_model* model) {
  for (uint32_t i = 0; i < 2 * THIL_TENSORS_MAX; ++i) {
    const uint8_t role = i % 2;
    thil_tensor_info tensor;
    if (thil_engine_tensor(model->engine, (thil_tensor_role)role, i / 2, &tensor) == NULL) continue;
    if (i > THIL_OUTPUT) thil_u8_put(reply, &role);
    thil_tensor_put(reply, &tensor);
    model->sizes[role] += tensor.bytes;
    if (role != THIL_OUTPUT) continue;
    model->output_dtype = tensor.dtype;
    model->element_size = i == THIL_OUTPUT ? (uint8_t)thil_dtype_size(tensor.dtype) : 0;
  }
}

static thil_engine_status load_slot(thil_agent* agent, uint16_t slot, const thil_slot_record* record,
                                    thil_engine_model** model) {
  const uint8_t* image = record->state == THIL_SLOT_FULL ? thil_slots_content(&agent->models, slot) : NULL;
  uint8_t* arena = agent->memory->arenas + (size_t)slot * agent->memory->arena_size;
  memset(&agent->report, 0, sizeof agent->report);
  const thil_engine_memory memory = {image, record->size, arena, agent->memory->arena_size};
  return thil_engine_load(&memory, model, &agent->report);
}

uint8_t thil_command_load(thil_agent* agent, const void* request) {
  const thil_load* load = request;
  if (thil_agent_slots_with(agent, THIL_SLOT_MODEL, load->slot) == NULL) return THIL_ID_refused;
  const thil_slot_record* record = thil_slots_record(&agent->models, load->slot);
  if (record->state != THIL_SLOT_FULL && thil_engine_loads_models())
    return thil_refuse(agent, THIL_REFUSED_EMPTY_SLOT);

  thil_model model = {0};
  agent->loaded[load->slot].engine = NULL; /* its arena is about to be overwritten */
  thil_engine_status status = load_slot(agent, load->slot, record, &model.engine);
  if (status != THIL_ENGINE_OK) return refuse_load(agent, status);
  const thil_loaded loaded = {0, load->slot, record->digest, agent->report.arena_needed, {NULL, 0}};
  thil_writer* reply = thil_agent_reply(agent);
  thil_loaded_write(reply, &loaded);
  describe(reply, &model);
  agent->loaded[load->slot] = model;
  return THIL_ID_loaded;
}
