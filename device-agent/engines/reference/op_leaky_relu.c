/* SPDX-License-Identifier: Apache-2.0 */
/* LEAKY_RELU: int8, by a table; PRELU: int8, with a slope a channel or an element, broadcast. */
#include "broadcast.h"
#include "table.h"

enum { OPT_ALPHA };

typedef struct leaky_slopes {
  thil_factor above, below; /* zero */
  int32_t zero_point;
} leaky_slopes;

typedef struct prelu_state {
  thil_broadcast of; /* first: broadcast.h */
  thil_factor above, below;
} prelu_state;

static int32_t leaky_answer(const void* context, int32_t value) {
  const leaky_slopes* slopes = context;
  const thil_factor* factor = value >= 0 ? &slopes->above : &slopes->below;
  return thil_quant_add(thil_quant_scale(value, factor->multiplier, factor->shift), slopes->zero_point);
}

/* A negative slope: the multiplier's sign. */
static bool make_signed(double real, thil_factor* factor) {
  if (!thil_factor_make(real < 0 ? -real : real, factor)) {
    return false;
  }
  factor->multiplier = real < 0 ? -factor->multiplier : factor->multiplier;
  return true;
}

thil_engine_status thil_leaky_relu_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (status) {
    return status;
  }
  float alpha = thil_fb_f32(load->fb, &load->options, OPT_ALPHA, 0.0f);
  float in = thil_tensor_scale(load->in[0], 0), out = thil_tensor_scale(load->out, 0);
  leaky_slopes slopes = {.zero_point = load->out->zero_point};
  if (!thil_factor_make((double)(in / out), &slopes.above) ||
      !make_signed((double)(in * alpha / out), &slopes.below)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  return thil_table_make(load, leaky_answer, &slopes, state);
}

void thil_leaky_relu_eval(const void* state) { thil_table_run(state); }

thil_engine_status thil_prelu_prepare(thil_op_load* load, void** state) {
  prelu_state made = {0};
  thil_engine_status status = thil_broadcast_make(load, &made.of);
  if (status) {
    return status;
  }
  float in = thil_tensor_scale(load->in[0], 0), out = thil_tensor_scale(load->out, 0);
  float slope = thil_tensor_scale(load->in[1], 0);
  if (!thil_factor_make((double)(in / out), &made.above) ||
      !thil_factor_make((double)(in * slope / out), &made.below)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

static void prelu_row(const void* opaque, const thil_broadcast_row* row) {
  const prelu_state* state = opaque;
  for (int32_t i = 0; i < row->count; i++) {
    int32_t value = row->values[0][i * row->steps[0]] + state->of.side[0].offset;
    int32_t slope = row->values[1][i * row->steps[1]] + state->of.side[1].offset;
    const thil_factor* factor = value >= 0 ? &state->above : &state->below;
    int32_t scaled = thil_quant_scale(value >= 0 ? value : value * slope, factor->multiplier, factor->shift);
    row->output[i] = (int8_t)thil_quant_clamp(thil_quant_add(scaled, state->of.zero_point), state->of.range);
  }
}

void thil_prelu_eval(const void* state) { thil_broadcast_run(state, prelu_row); }
