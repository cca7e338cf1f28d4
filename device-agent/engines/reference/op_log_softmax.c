/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LOG_SOFTMAX: float32, over the last dimension. The sums are float32 in LiteRT's order; exp and log are
 * those of real.h, rounded once, where LiteRT takes its C library's.
 */
#include "op.h"
#include "real.h"

#include <string.h>

typedef struct log_softmax_state {
  const uint8_t* input;
  uint8_t* output;
  uint32_t rows, depth;
} log_softmax_state;

thil_engine_status thil_log_softmax_prepare(thil_op_load* load, void** state) {
  const thil_tensor* in = load->in[0];
  if (!in || in->type != THIL_TYPE_FLOAT32 || load->out->type != THIL_TYPE_FLOAT32) {
    return thil_op_refuse(load, "input", "is not FLOAT32");
  }
  if (!thil_tensor_same_shape(in, load->out) || in->rank == 0) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  const uint32_t depth = in->dims[in->rank - 1];
  const log_softmax_state made = {(const uint8_t*)thil_tensor_values(in), load->out->data,
                                  thil_tensor_elements(in) / depth, depth};
  load->work = (uint64_t)thil_tensor_elements(in) * 64; /* an exp each */
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

static float value_at(const uint8_t* values, uint32_t i) {
  float value;
  memcpy(&value, values + 4 * i, sizeof value);
  return value;
}

static void log_softmax_row(const uint8_t* input, uint8_t* output, uint32_t depth) {
  float largest = value_at(input, 0);
  for (uint32_t i = 1; i < depth; i++) {
    largest = value_at(input, i) > largest ? value_at(input, i) : largest;
  }
  float sum = 0;
  for (uint32_t i = 0; i < depth; i++) {
    sum += (float)thil_real_exp((double)(value_at(input, i) - largest));
  }
  const float log_sum = (float)thil_real_log((double)sum);
  for (uint32_t i = 0; i < depth; i++) {
    float value = value_at(input, i) - largest - log_sum;
    memcpy(output + 4 * i, &value, sizeof value);
  }
}

void thil_log_softmax_eval(const void* opaque) {
  const log_softmax_state* state = opaque;
  for (uint32_t row = 0; row < state->rows; row++) {
    const uint32_t at = 4 * row * state->depth;
    log_softmax_row(state->input + at, state->output + at, state->depth);
  }
}
