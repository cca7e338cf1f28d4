/* SPDX-License-Identifier: Apache-2.0 */
/* ADD and SUB: int8, each side with its own scale, broadcast over up to four dimensions. */
#include "broadcast.h"

enum { OPT_ACTIVATION };
enum { LEFT_SHIFT = 20 }; /* headroom both sides are lifted by before they are brought to one scale */

typedef struct add_state {
  thil_broadcast of; /* first: broadcast.h */
  thil_factor factors[2];
  thil_factor factor;
} add_state;

static bool below_one(double real, thil_factor* factor) {
  return thil_factor_make(real, factor) && factor->shift <= 0;
}

static bool make_factors(const thil_op_load* load, add_state* state) {
  double a = (double)thil_tensor_scale(load->in[0], 0);
  double b = (double)thil_tensor_scale(load->in[1], 0);
  double out = (double)thil_tensor_scale(load->out, 0);
  double twice_larger = 2 * (a > b ? a : b);
  return below_one(a / twice_larger, &state->factors[0]) && below_one(b / twice_larger, &state->factors[1]) &&
         below_one(twice_larger / ((1 << LEFT_SHIFT) * out), &state->factor);
}

thil_engine_status thil_add_prepare(thil_op_load* load, void** state) {
  add_state made = {0};
  thil_engine_status status = thil_broadcast_make(load, &made.of);
  if (!status) {
    status = thil_op_activation(load, OPT_ACTIVATION, &made.of.range);
  }
  if (status) {
    return status;
  }
  if (!make_factors(load, &made)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

thil_engine_status thil_sub_prepare(thil_op_load* load, void** state) {
  return thil_add_prepare(load, state);
}

static int32_t lifted(const thil_side* side, const thil_factor* factor, int8_t value) {
  return thil_quant_scale((value + side->offset) * (1 << LEFT_SHIFT), factor->multiplier, factor->shift);
}

static int8_t stored(const add_state* state, int32_t sum) {
  int32_t scaled = thil_quant_scale(sum, state->factor.multiplier, state->factor.shift);
  return (int8_t)thil_quant_clamp(scaled + state->of.zero_point, state->of.range);
}

static void add_row(const void* opaque, const thil_broadcast_row* row) {
  const add_state* state = opaque;
  for (int32_t i = 0; i < row->count; i++) {
    int32_t a = lifted(&state->of.side[0], &state->factors[0], row->values[0][i * row->steps[0]]);
    int32_t b = lifted(&state->of.side[1], &state->factors[1], row->values[1][i * row->steps[1]]);
    row->output[i] = stored(state, a + b);
  }
}

static void sub_row(const void* opaque, const thil_broadcast_row* row) {
  const add_state* state = opaque;
  for (int32_t i = 0; i < row->count; i++) {
    int32_t a = lifted(&state->of.side[0], &state->factors[0], row->values[0][i * row->steps[0]]);
    int32_t b = lifted(&state->of.side[1], &state->factors[1], row->values[1][i * row->steps[1]]);
    row->output[i] = stored(state, a - b);
  }
}

void thil_add_eval(const void* state) { thil_broadcast_run(state, add_row); }

void thil_sub_eval(const void* state) { thil_broadcast_run(state, sub_row); }
