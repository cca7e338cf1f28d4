/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/engine.h"

const char* thil_engine_name(void) { return "none"; }
bool thil_engine_checks_models(void) { return true; }

bool thil_engine_loads_models(void) { return true; }

thil_engine_status thil_engine_load(const uint8_t* image, size_t size, uint8_t* arena, size_t arena_size,
                                    thil_engine_model** model, thil_engine_report* report) {
  (void)image;
  (void)size;
  (void)arena;
  (void)arena_size;
  report->arena_needed = 0;
  report->detail[0] = '\0';
  *model = NULL;
  return THIL_ENGINE_UNSUPPORTED;
}

void thil_engine_describe(const thil_engine_model* model, thil_tensor_info* input, thil_tensor_info* output) {
  (void)model;
  (void)input;
  (void)output;
}

uint8_t* thil_engine_input(thil_engine_model* model) {
  (void)model;
  return NULL;
}

const uint8_t* thil_engine_output(const thil_engine_model* model) {
  (void)model;
  return NULL;
}

thil_engine_status thil_engine_invoke(thil_engine_model* model) {
  (void)model;
  return THIL_ENGINE_INVOKE_FAILED;
}
