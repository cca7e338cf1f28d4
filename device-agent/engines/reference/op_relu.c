/* SPDX-License-Identifier: Apache-2.0 */
/* RELU and RELU6 as operators of their own: int8, rescaling from the input's scale to the output's. */
#include "op.h"

enum { ACTIVATION_RELU = 1, ACTIVATION_RELU6 = 3 };

typedef struct relu_state {
  const int8_t* input;
  int8_t* output;
  uint32_t count;
  int32_t input_offset;
  int32_t zero_point;
  thil_factor factor;
  thil_range range;
} relu_state;

static thil_engine_status prepare(thil_op_load* load, uint8_t activation, void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (status) {
    return status;
  }
  relu_state made = {0};
  float out_scale = thil_tensor_scale(load->out, 0);
  float ratio = thil_tensor_scale(load->in[0], 0) / out_scale;
  if (load->in[0]->bytes != load->out->bytes) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  /* TFLM's RELU6 does not rescale. */
  if (THIL_KERNELS_OF_TFLM && activation == ACTIVATION_RELU6 &&
      !thil_tensor_same_quantisation(load->in[0], load->out)) {
    return thil_op_refuse(load, "output", "rescales");
  }
  if (!thil_factor_make((double)ratio, &made.factor) ||
      !thil_range_make(activation, out_scale, load->out->zero_point, &made.range)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  made.input = thil_tensor_values(load->in[0]);
  made.output = (int8_t*)load->out->data;
  made.count = load->out->bytes;
  made.input_offset = -load->in[0]->zero_point;
  made.zero_point = load->out->zero_point;
  load->work = load->out->bytes;
  relu_state* kept = thil_arena_take(load->arena, sizeof made);
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return THIL_ENGINE_OK;
}

thil_engine_status thil_relu_prepare(thil_op_load* load, void** state) {
  return prepare(load, ACTIVATION_RELU, state);
}

thil_engine_status thil_relu6_prepare(thil_op_load* load, void** state) {
  return prepare(load, ACTIVATION_RELU6, state);
}

static void eval(const relu_state* state) {
  for (uint32_t i = 0; i < state->count; i++) {
    int32_t value = state->input[i] + state->input_offset;
    int32_t scaled = thil_quant_scale(value, state->factor.multiplier, state->factor.shift);
    state->output[i] = (int8_t)thil_quant_clamp(thil_quant_add(scaled, state->zero_point), state->range);
  }
}

void thil_relu_eval(const void* state) { eval(state); }

void thil_relu6_eval(const void* state) { eval(state); }
