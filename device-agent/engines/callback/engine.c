/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "thil/callback.h"

/* engine.h hands out a model that may be written to; thil_callback may be in flash. */
struct thil_engine_model {
  const thil_callback_model* linked;
};

static thil_engine_model the_model;

static bool describes_itself(const thil_tensor_info* info, const void* values) {
  uint64_t bytes = thil_dtype_size(info->dtype);
  for (uint32_t i = 0; i < THIL_TENSOR_MAX_RANK; i++) {
    if (info->dims[i] == 0 || (i >= info->rank && info->dims[i] != 1)) {
      return false;
    }
    bytes *= info->dims[i];
    if (bytes > UINT32_MAX) {
      return false;
    }
  }
  return values && bytes != 0 && bytes == info->bytes && info->rank <= THIL_TENSOR_MAX_RANK;
}

static thil_engine_status refuse(thil_engine_report* report, thil_engine_status status, const char* why) {
  for (uint32_t i = 0; i + 1 < sizeof report->detail && why[i]; i++) {
    report->detail[i] = why[i];
  }
  return status;
}

const char* thil_engine_name(void) { return "callback"; }

bool thil_engine_checks_models(void) { return true; }

bool thil_engine_loads_models(void) { return false; }

thil_engine_status thil_engine_load(const thil_engine_memory* memory, thil_engine_model** model,
                                    thil_engine_report* report) {
  *model = NULL;
  memset(report, 0, sizeof *report);
  if (memory->image_size != 0) {
    return refuse(report, THIL_ENGINE_UNSUPPORTED, "the model is compiled into the firmware");
  }
  if (!describes_itself(&thil_callback.input, thil_callback.input_values)) {
    return refuse(report, THIL_ENGINE_MALFORMED, "thil_callback.input does not describe itself");
  }
  if (!describes_itself(&thil_callback.output, thil_callback.output_values)) {
    return refuse(report, THIL_ENGINE_MALFORMED, "thil_callback.output does not describe itself");
  }
  if (!thil_callback.invoke) {
    return refuse(report, THIL_ENGINE_MALFORMED, "thil_callback.invoke is missing");
  }
  the_model.linked = &thil_callback;
  *model = &the_model;
  return THIL_ENGINE_OK;
}

uint8_t* thil_engine_tensor(const thil_engine_model* model, thil_tensor_role role, uint32_t index,
                            thil_tensor_info* to) {
  const thil_callback_model* linked = model->linked;
  if (index != 0) {
    return NULL;
  }
  *to = role == THIL_INPUT ? linked->input : linked->output;
  /* The agent only reads an output. */
  return role == THIL_INPUT ? linked->input_values : (uint8_t*)(uintptr_t)linked->output_values;
}

/* A model that remembers puts itself back in its own invoke. */
void thil_engine_reset(thil_engine_model* model) { (void)model; }

thil_engine_status thil_engine_invoke(thil_engine_model* model) {
  return model->linked->invoke(model->linked->context) ? THIL_ENGINE_OK : THIL_ENGINE_INVOKE_FAILED;
}

bool thil_engine_tells_layers(void) { return false; }

thil_engine_status thil_engine_invoke_layers(thil_engine_model* model, thil_layer_ended* ended,
                                             void* context) {
  (void)ended;
  (void)context;
  return thil_engine_invoke(model);
}
