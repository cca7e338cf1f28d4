/* SPDX-License-Identifier: Apache-2.0 */
/* QUANTIZE: float32 to int8 or uint8, or int8 / uint8 to int8 / uint8 with another scale. DEQUANTIZE: back.
 */
#include "detail.h"
#include "op.h"

#include <string.h>

typedef struct quantize_state {
  const uint8_t* input;
  uint8_t* output;
  uint32_t count;
  float scale; /* of the quantised side */
  int32_t input_zero, output_zero;
  thil_factor factor;
  thil_range range; /* of the output's type */
  uint8_t from, to; /* tensor types */
} quantize_state;

static bool is_byte(const thil_tensor* tensor) {
  return (tensor->type == THIL_TYPE_INT8 || tensor->type == THIL_TYPE_UINT8) && tensor->scale_count == 1;
}

static bool is_float(const thil_tensor* tensor) { return tensor->type == THIL_TYPE_FLOAT32; }

static thil_engine_status refuse_types(const thil_op_load* load) {
  const thil_tensor* in = load->in[0];
  thil_op_refuse(load, in ? thil_tensor_type_name(in->type) : "nothing", "to ");
  thil_detail_text(load->report, thil_tensor_type_name(load->out->type));
  return THIL_ENGINE_UNSUPPORTED;
}

static thil_engine_status keep(thil_op_load* load, quantize_state* made, void** state) {
  const thil_tensor* in = load->in[0];
  if (thil_tensor_elements(in) != thil_tensor_elements(load->out)) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  made->input = in->constant ? in->constant : in->data;
  made->output = load->out->data;
  made->count = thil_tensor_elements(in);
  made->input_zero = in->zero_point;
  made->output_zero = load->out->zero_point;
  made->from = in->type;
  made->to = load->out->type;
  load->work = made->count;
  quantize_state* kept = thil_arena_take(load->arena, sizeof *made);
  if (kept) {
    *kept = *made;
  }
  *state = kept;
  return THIL_ENGINE_OK;
}

thil_engine_status thil_quantize_prepare(thil_op_load* load, void** state) {
  quantize_state made = {0};
  const thil_tensor* in = load->in[0];
  if (!in || !is_byte(load->out) || !(is_byte(in) || is_float(in))) {
    return refuse_types(load);
  }
  made.scale = thil_tensor_scale(load->out, 0);
  if (is_byte(in) && !thil_factor_make((double)thil_tensor_scale(in, 0) / (double)made.scale, &made.factor)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  bool is_signed = load->out->type == THIL_TYPE_INT8;
  made.range = is_signed ? (thil_range){INT8_MIN, INT8_MAX} : (thil_range){0, UINT8_MAX};
  return keep(load, &made, state);
}

thil_engine_status thil_dequantize_prepare(thil_op_load* load, void** state) {
  quantize_state made = {0};
  if (!load->in[0] || !is_byte(load->in[0]) || !is_float(load->out)) {
    return refuse_types(load);
  }
  made.scale = thil_tensor_scale(load->in[0], 0);
  return keep(load, &made, state);
}

static int32_t byte_at(const quantize_state* state, uint32_t i) {
  return state->from == THIL_TYPE_INT8 ? (int8_t)state->input[i] : state->input[i];
}

static int32_t quantised(const quantize_state* state, uint32_t i) {
  if (state->from != THIL_TYPE_FLOAT32) {
    int32_t value = byte_at(state, i) - state->input_zero;
    return thil_quant_scale(value, state->factor.multiplier, state->factor.shift);
  }
  float real;
  memcpy(&real, state->input + 4 * i, sizeof real);
  return thil_quant_clamp(thil_quant_round(real / state->scale), (thil_range){-1024, 1024});
}

void thil_quantize_eval(const void* opaque) {
  const quantize_state* state = opaque;
  for (uint32_t i = 0; i < state->count; i++) {
    int32_t value = thil_quant_add(quantised(state, i), state->output_zero);
    state->output[i] = (uint8_t)thil_quant_clamp(value, state->range);
  }
}

void thil_dequantize_eval(const void* opaque) {
  const quantize_state* state = opaque;
  for (uint32_t i = 0; i < state->count; i++) {
    float real = state->scale * (float)(byte_at(state, i) - state->input_zero);
    memcpy(state->output + 4 * i, &real, sizeof real);
  }
}
