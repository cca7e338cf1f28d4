/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUANTIZE: float32 to int8, uint8 or int16; int8 and uint8 to one another and to themselves, int16 to int8,
 * int16 and int32, with another scale. DEQUANTIZE: int8, uint8 and int16 to float32.
 */
#include "bytes.h"
#include "detail.h"
#include "number.h"
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

static bool is_int16(const thil_tensor* tensor) {
  return tensor->type == THIL_TYPE_INT16 && tensor->scale_count == 1;
}

static bool is_int32(const thil_tensor* tensor) {
  return tensor->type == THIL_TYPE_INT32 && tensor->scale_count == 1;
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

static bool is_pair(const thil_tensor* in, const thil_tensor* out) {
  if (is_float(in)) {
    return is_byte(out) || is_int16(out);
  }
  return is_int16(in) ? out->type != THIL_TYPE_UINT8 && (is_byte(out) || is_int16(out) || is_int32(out))
                      : is_byte(in) && is_byte(out);
}

thil_engine_status thil_quantize_prepare(thil_op_load* load, void** state) {
  quantize_state made = {0};
  const thil_tensor* in = load->in[0];
  if (!in || !is_pair(in, load->out)) {
    return refuse_types(load);
  }
  made.scale = thil_tensor_scale(load->out, 0);
  if (!is_float(in) &&
      !thil_factor_make((double)thil_tensor_scale(in, 0) / (double)made.scale, &made.factor)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  made.range = thil_number_range(load->out->type);
  return keep(load, &made, state);
}

thil_engine_status thil_dequantize_prepare(thil_op_load* load, void** state) {
  quantize_state made = {0};
  const thil_tensor* in = load->in[0];
  if (!in || !(is_byte(in) || is_int16(in)) || !is_float(load->out)) {
    return refuse_types(load);
  }
  made.scale = thil_tensor_scale(in, 0);
  return keep(load, &made, state);
}

static int32_t quantised(const quantize_state* state, uint32_t i) {
  if (state->from != THIL_TYPE_FLOAT32) {
    int32_t value = thil_number_integer(state->input, state->from, i) - state->input_zero;
    return thil_quant_scale(value, state->factor.multiplier, state->factor.shift);
  }
  const thil_range beyond = {-(1 << 18), 1 << 18}; /* of int16 either way, and no overflow */
  return thil_quant_clamp(thil_quant_round(thil_bytes_f32(state->input + 4 * i) / state->scale), beyond);
}

void thil_quantize_eval(const void* opaque) {
  const quantize_state* state = opaque;
  for (uint32_t i = 0; i < state->count; i++) {
    int32_t value = thil_quant_add(quantised(state, i), state->output_zero);
    thil_number_put(state->output, state->to, i, thil_quant_clamp(value, state->range));
  }
}

void thil_dequantize_eval(const void* opaque) {
  const quantize_state* state = opaque;
  for (uint32_t i = 0; i < state->count; i++) {
    float real =
        state->scale * (float)(thil_number_integer(state->input, state->from, i) - state->input_zero);
    memcpy(state->output + 4 * i, &real, sizeof real);
  }
}
