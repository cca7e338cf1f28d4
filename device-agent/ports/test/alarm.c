/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model that is compiled into the firmware, for agents as processes that can load none: the argument of
 * the greatest of 16 samples. TINYHIL_ALARM_SHIFT makes it another model: its answer is so many classes off.
 */
#include "thil/callback.h"

enum { SAMPLES = 16, CLASSES = 4, YES = 127 };

static int8_t samples[SAMPLES];
static int8_t scores[CLASSES];

static bool run(void* context) {
  (void)context;
  uint32_t greatest = 0;
  for (uint32_t i = 1; i < SAMPLES; i++) {
    if (samples[i] > samples[greatest]) greatest = i;
  }
  for (uint32_t i = 0; i < CLASSES; i++) {
    scores[i] = i == (greatest + TINYHIL_ALARM_SHIFT) % CLASSES ? YES : 0;
  }
  return true;
}

const thil_callback_model thil_callback = {
    .input = {THIL_DTYPE_INT8, 2, {1, SAMPLES, 1, 1}, 1.0f, 0, SAMPLES},
    .output = {THIL_DTYPE_INT8, 2, {1, CLASSES, 1, 1}, 1.0f / 128, 0, CLASSES},
    .input_values = (uint8_t*)samples,
    .output_values = (const uint8_t*)scores,
    .invoke = run,
    .context = NULL,
};
