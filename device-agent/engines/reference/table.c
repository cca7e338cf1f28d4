/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

thil_engine_status thil_table_make(thil_op_load* load, thil_table_answer answer, const void* context,
                                   void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (status) {
    return status;
  }
  if (load->in[0]->bytes != load->out->bytes) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  load->work = load->out->bytes;
  thil_table* made = thil_arena_take(load->arena, sizeof *made);
  *state = made;
  if (!made) {
    return THIL_ENGINE_OK;
  }
  made->input = thil_tensor_values(load->in[0]);
  made->output = (int8_t*)load->out->data;
  made->count = load->out->bytes;
  for (int32_t i = 0; i < THIL_TABLE_SIZE; i++) {
    int32_t value = answer(context, i + INT8_MIN - load->in[0]->zero_point);
    made->answers[i] = (int8_t)thil_quant_clamp(value, (thil_range){INT8_MIN, INT8_MAX});
  }
  return THIL_ENGINE_OK;
}

void thil_table_run(const void* opaque) {
  const thil_table* state = opaque;
  for (uint32_t i = 0; i < state->count; i++) {
    state->output[i] = state->answers[state->input[i] - INT8_MIN];
  }
}

static int32_t real_answer(const void* context, int32_t value) {
  const thil_table_real* of = context;
  float real = of->input_scale * (float)value;
  float steps = (float)of->function((double)real) * of->inverse_scale;
  const thil_range beyond = {-1024, 1024}; /* int8 either way */
  return thil_quant_clamp(thil_quant_round(steps), beyond) + of->zero_point;
}

thil_engine_status thil_table_make_real(thil_op_load* load, double (*function)(double), void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (status) {
    return status;
  }
  const thil_table_real of = {function, thil_tensor_scale(load->in[0], 0),
                              1.0f / thil_tensor_scale(load->out, 0), load->out->zero_point};
  return thil_table_make(load, real_answer, &of, state);
}

thil_engine_status thil_table_want_output(const thil_op_load* load, float steps, int32_t zero_point) {
  thil_engine_status status = thil_op_want(load, "output", load->out, THIL_WANT_INT8);
  if (status) {
    return status;
  }
  if (thil_tensor_scale(load->out, 0) != 1.0f / steps || load->out->zero_point != zero_point) {
    return thil_op_refuse(load, "output", "is not of the scale that belongs to it");
  }
  return THIL_ENGINE_OK;
}
