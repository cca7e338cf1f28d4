/* SPDX-License-Identifier: Apache-2.0 */
#include "broadcast.h"

/* Dimension i of 4, counted with leading ones. */
static uint32_t aligned_dim(const thil_tensor* tensor, uint32_t i) {
  uint32_t lead = (uint32_t)(THIL_TENSOR_MAX_RANK - tensor->rank);
  return i < lead ? 1 : tensor->dims[i - lead];
}

/* False when the side cannot be broadcast to the output. */
static bool make_side(const thil_tensor* tensor, const thil_tensor* out, thil_side* side) {
  int32_t step = 1;
  side->values = thil_tensor_values(tensor);
  side->offset = -tensor->zero_point;
  for (uint32_t i = THIL_TENSOR_MAX_RANK; i-- > 0;) {
    uint32_t dim = aligned_dim(tensor, i);
    if (dim != 1 && dim != aligned_dim(out, i)) {
      return false;
    }
    side->steps[i] = dim == 1 ? 0 : step;
    step *= (int32_t)dim;
  }
  return out->rank >= tensor->rank;
}

static bool output_is_broadcast(const thil_broadcast* made) {
  for (uint32_t i = 0; i < THIL_TENSOR_MAX_RANK; i++) {
    if (made->dims[i] != 1 && made->side[0].steps[i] == 0 && made->side[1].steps[i] == 0) {
      return false;
    }
  }
  return true;
}

thil_engine_status thil_broadcast_make(thil_op_load* load, thil_broadcast* made) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (!status) {
    status = thil_op_want(load, "second input", load->in[1], THIL_WANT_INT8);
  }
  if (status) {
    return status;
  }
  for (uint32_t i = 0; i < THIL_TENSOR_MAX_RANK; i++) {
    made->dims[i] = (int32_t)aligned_dim(load->out, i);
  }
  if (!make_side(load->in[0], load->out, &made->side[0]) ||
      !make_side(load->in[1], load->out, &made->side[1]) || !output_is_broadcast(made)) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  made->output = (int8_t*)load->out->data;
  made->zero_point = load->out->zero_point;
  made->range = (thil_range){INT8_MIN, INT8_MAX};
  load->work = load->out->bytes;
  return THIL_ENGINE_OK;
}

static const int8_t* values_at(const thil_side* side, const int32_t at[3]) {
  return side->values + at[0] * side->steps[0] + at[1] * side->steps[1] + at[2] * side->steps[2];
}

void thil_broadcast_run(const void* state, thil_broadcast_rows rows) {
  const thil_broadcast* of = state;
  thil_broadcast_row row = {
      .count = of->dims[3], .steps = {of->side[0].steps[3], of->side[1].steps[3]}, .output = of->output};
  int32_t at[3];
  for (at[0] = 0; at[0] < of->dims[0]; at[0]++) {
    for (at[1] = 0; at[1] < of->dims[1]; at[1]++) {
      for (at[2] = 0; at[2] < of->dims[2]; at[2]++) {
        row.values[0] = values_at(&of->side[0], at);
        row.values[1] = values_at(&of->side[1], at);
        rows(state, &row);
        row.output += row.count;
      }
    }
  }
}
