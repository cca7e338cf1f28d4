/* SPDX-License-Identifier: Apache-2.0 */
#include "../reference/reference.h"
#include "thil/fixed.h"

bool thil_engine_loads_models(void) { return false; }

thil_engine_status thil_engine_load(const uint8_t* image, size_t size, uint8_t* arena, size_t arena_size,
                                    thil_engine_model** model, thil_engine_report* report) {
  (void)image; /* the agent takes no pushed model, so there is none */
  (void)size;
  return thil_reference_load(thil_fixed_model, thil_fixed_model_size, arena, arena_size, model, report);
}
