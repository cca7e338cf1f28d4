/* SPDX-License-Identifier: Apache-2.0 */
/* MAXIMUM and MINIMUM: int8 of one quantisation, broadcast over up to four dimensions. */
#include "broadcast.h"

static thil_engine_status prepare(thil_op_load* load, void** state) {
  thil_broadcast made = {0};
  thil_engine_status status = thil_broadcast_make(load, &made);
  if (status) {
    return status;
  }
  if (!thil_tensor_same_quantisation(load->in[0], load->out) ||
      !thil_tensor_same_quantisation(load->in[1], load->out)) {
    return thil_op_refuse(load, "output", "rescales");
  }
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

thil_engine_status thil_maximum_prepare(thil_op_load* load, void** state) { return prepare(load, state); }

thil_engine_status thil_minimum_prepare(thil_op_load* load, void** state) { return prepare(load, state); }

static void maximum_row(const void* state, const thil_broadcast_row* row) {
  (void)state;
  for (int32_t i = 0; i < row->count; i++) {
    int8_t a = row->values[0][i * row->steps[0]];
    int8_t b = row->values[1][i * row->steps[1]];
    row->output[i] = a > b ? a : b;
  }
}

static void minimum_row(const void* state, const thil_broadcast_row* row) {
  (void)state;
  for (int32_t i = 0; i < row->count; i++) {
    int8_t a = row->values[0][i * row->steps[0]];
    int8_t b = row->values[1][i * row->steps[1]];
    row->output[i] = a < b ? a : b;
  }
}

void thil_maximum_eval(const void* state) { thil_broadcast_run(state, maximum_row); }

void thil_minimum_eval(const void* state) { thil_broadcast_run(state, minimum_row); }
