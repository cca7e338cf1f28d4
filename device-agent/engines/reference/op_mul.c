/* SPDX-License-Identifier: Apache-2.0 */
/* MUL: int8, broadcast over up to four dimensions. */
#include "broadcast.h"

enum { OPT_ACTIVATION };

typedef struct mul_state {
  thil_broadcast of; /* first: broadcast.h */
  thil_factor factor;
} mul_state;

thil_engine_status thil_mul_prepare(thil_op_load* load, void** state) {
  mul_state made = {0};
  thil_engine_status status = thil_broadcast_make(load, &made.of);
  if (!status) {
    status = thil_op_activation(load, OPT_ACTIVATION, &made.of.range);
  }
  if (status) {
    return status;
  }
  float product = thil_tensor_scale(load->in[0], 0) * thil_tensor_scale(load->in[1], 0);
  if (!thil_factor_make((double)(product / thil_tensor_scale(load->out, 0)), &made.factor)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

static void mul_row(const void* opaque, const thil_broadcast_row* row) {
  const mul_state* state = opaque;
  const thil_side* side = state->of.side;
  for (int32_t i = 0; i < row->count; i++) {
    int32_t a = row->values[0][i * row->steps[0]] + side[0].offset;
    int32_t b = row->values[1][i * row->steps[1]] + side[1].offset;
    int32_t scaled = thil_quant_scale(a * b, state->factor.multiplier, state->factor.shift);
    row->output[i] = (int8_t)thil_quant_clamp(thil_quant_add(scaled, state->of.zero_point), state->of.range);
  }
}

void thil_mul_eval(const void* state) { thil_broadcast_run(state, mul_row); }
