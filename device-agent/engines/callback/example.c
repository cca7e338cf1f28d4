/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole integration: a vibration alarm that tells quiet from loud by the energy of 64 samples. Its two
 * scores are int8 with scale 1/256, as a softmax would give them. Replace `run` by your model's invoke.
 */
#include "thil/callback.h"

enum { SAMPLES = 64, CLASSES = 2, LOUD_ENERGY = SAMPLES * 20 * 20, NO_SCORE = -128 };

static int8_t samples[SAMPLES];
static int8_t scores[CLASSES]; /* quiet, loud */

static bool run(void* context) {
  (void)context;
  int32_t energy = 0;
  for (int32_t i = 0; i < SAMPLES; i++) {
    energy += samples[i] * samples[i];
  }
  int32_t share = energy >= LOUD_ENERGY ? 255 : energy * 255 / LOUD_ENERGY;
  scores[0] = (int8_t)(NO_SCORE + 255 - share);
  scores[1] = (int8_t)(NO_SCORE + share);
  return true;
}

const thil_callback_model thil_callback = {
    .input = {THIL_DTYPE_INT8, 2, {1, SAMPLES, 1, 1}, 1.0f, 0, SAMPLES},
    .output = {THIL_DTYPE_INT8, 2, {1, CLASSES, 1, 1}, 1.0f / 256, NO_SCORE, CLASSES},
    .input_values = (uint8_t*)samples,
    .output_values = (const uint8_t*)scores,
    .invoke = run,
    .context = NULL,
};
