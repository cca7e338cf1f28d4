/* SPDX-License-Identifier: Apache-2.0 */
/* PAD: int8, with the output's zero point; the paddings are a constant int32 [rank, 2]. */
#include "bytes.h"
#include "op.h"

typedef struct pad_state {
  const int8_t* input;
  int8_t* output;
  uint32_t output_bytes;
  uint32_t in[THIL_TENSOR_MAX_RANK]; /* right-aligned, as the rest */
  uint32_t out[THIL_TENSOR_MAX_RANK];
  uint32_t before[THIL_TENSOR_MAX_RANK];
  int32_t zero_point;
} pad_state;

static bool place(const thil_op_load* load, pad_state* state) {
  uint32_t rank = load->in[0]->rank;
  uint32_t lead = THIL_TENSOR_MAX_RANK - rank;
  for (uint32_t i = 0; i < THIL_TENSOR_MAX_RANK; i++) {
    state->in[i] = state->out[i] = 1;
  }
  for (uint32_t i = 0; i < rank; i++) {
    int32_t before = thil_bytes_i32(load->in[1]->constant + 8 * i);
    int32_t after = thil_bytes_i32(load->in[1]->constant + 8 * i + 4);
    uint32_t in = load->in[0]->dims[i];
    if (before < 0 || after < 0 || before > THIL_DIM_MAX || after > THIL_DIM_MAX ||
        in + (uint32_t)before + (uint32_t)after != load->out->dims[i]) {
      return false;
    }
    state->in[lead + i] = in;
    state->out[lead + i] = load->out->dims[i];
    state->before[lead + i] = (uint32_t)before;
  }
  return true;
}

thil_engine_status thil_pad_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (!status) {
    status = thil_op_want(load, "paddings", load->in[1], THIL_WANT_INT32 | THIL_WANT_CONSTANT);
  }
  if (status) {
    return status;
  }
  pad_state made = {0};
  if (thil_tensor_elements(load->in[1]) != 2 * (uint32_t)load->in[0]->rank ||
      load->out->rank != load->in[0]->rank || !place(load, &made)) {
    return thil_op_refuse(load, "paddings", "do not fit");
  }
  made.input = thil_tensor_values(load->in[0]);
  made.output = (int8_t*)load->out->data;
  made.output_bytes = load->out->bytes;
  made.zero_point = load->out->zero_point;
  load->work = load->out->bytes;
  pad_state* kept = thil_arena_take(load->arena, sizeof made);
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return THIL_ENGINE_OK;
}

void thil_pad_eval(const void* opaque) {
  const pad_state* state = opaque;
  const uint32_t* out = state->out;
  const uint32_t* before = state->before;
  const int8_t* row = state->input;
  memset(state->output, state->zero_point, state->output_bytes);
  for (uint32_t i = 0; i < state->in[0]; i++) {
    for (uint32_t j = 0; j < state->in[1]; j++) {
      for (uint32_t k = 0; k < state->in[2]; k++) {
        uint32_t plane = (i + before[0]) * out[1] + j + before[1];
        uint32_t at = (plane * out[2] + k + before[2]) * out[3] + before[3];
        memcpy(state->output + at, row, state->in[3]);
        row += state->in[3];
      }
    }
  }
}
