/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

bool thil_engine_loads_models(void) { return true; }

thil_engine_status thil_engine_load(const uint8_t* image, size_t size, uint8_t* arena, size_t arena_size,
                                    thil_engine_model** model, thil_engine_report* report) {
  return thil_reference_load(image, size, arena, arena_size, model, report);
}
