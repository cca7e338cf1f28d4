/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/engine.h"

const char* thil_engine_name(void) { return "none"; }
bool thil_engine_checks_models(void) { return true; }

bool thil_engine_loads_models(void) { return true; }

thil_engine_status thil_engine_load(const thil_engine_memory* memory, thil_engine_model** model,
                                    thil_engine_report* report) {
  (void)memory;
  report->arena_needed = 0;
  report->detail[0] = '\0';
  *model = NULL;
  return THIL_ENGINE_UNSUPPORTED;
}

uint8_t* thil_engine_tensor(const thil_engine_model* model, thil_tensor_role role, uint32_t index,
                            thil_tensor_info* to) {
  (void)model;
  (void)role;
  (void)index;
  (void)to;
  return NULL;
}

void thil_engine_reset(thil_engine_model* model) { (void)model; }

thil_engine_status thil_engine_invoke(thil_engine_model* model) {
  (void)model;
  return THIL_ENGINE_INVOKE_FAILED;
}

bool thil_engine_tells_layers(void) { return false; }

thil_engine_status thil_engine_invoke_layers(thil_engine_model* model, thil_layer_ended* ended,
                                             void* context) {
  (void)ended;
  (void)context;
  return thil_engine_invoke(model);
}
