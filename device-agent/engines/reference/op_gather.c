/* SPDX-License-Identifier: Apache-2.0 */
/* GATHER: of any type, the slices along an axis that constant indices name, in their order and shape. */
#include "bytes.h"
#include "op.h"

#include <string.h>

enum { OPT_AXIS, OPT_BATCH_DIMS };

typedef struct gather_state {
  const uint8_t* from;
  uint8_t* to;
  const uint8_t* indices; /* int32, in the image */
  uint32_t outer, dim, count;
  uint32_t slice; /* bytes */
} gather_state;

static bool are_inside(const gather_state* state) {
  for (uint32_t i = 0; i < state->count; i++) {
    int32_t index = thil_bytes_i32(state->indices + 4 * i);
    if (index < 0 || index >= (int32_t)state->dim) {
      return false;
    }
  }
  return true;
}

thil_engine_status thil_gather_prepare(thil_op_load* load, void** state) {
  const thil_tensor *in = load->in[0], *indices = load->in[1];
  uint32_t axis = 0;
  if (!in || in->type != load->out->type || in->bytes == 0) {
    return thil_op_refuse(load, "types", "do not fit");
  }
  thil_engine_status status = thil_op_want(load, "indices", indices, THIL_WANT_INT32 | THIL_WANT_CONSTANT);
  if (status) {
    return status;
  }
  if (!thil_op_axis(thil_fb_i32(load->fb, &load->options, OPT_AXIS, 0), in->rank, &axis) ||
      thil_fb_i32(load->fb, &load->options, OPT_BATCH_DIMS, 0) != 0) {
    return thil_op_refuse(load, "axis", "is none of the input's, or of a batch");
  }
  const uint32_t element = in->bytes / thil_tensor_elements(in);
  const gather_state made = {.from = (const uint8_t*)thil_tensor_values(in),
                             .to = load->out->data,
                             .indices = indices->constant,
                             .outer = thil_tensor_span(in, 0, axis),
                             .dim = in->dims[axis],
                             .count = thil_tensor_elements(indices),
                             .slice = element * thil_tensor_span(in, axis + 1, in->rank)};
  if ((uint64_t)made.outer * made.count * made.slice != load->out->bytes) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  if (!are_inside(&made)) {
    return thil_op_refuse(load, "index", "is outside of the input");
  }
  load->work = load->out->bytes;
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

void thil_gather_eval(const void* opaque) {
  const gather_state* state = opaque;
  uint8_t* to = state->to;
  for (uint32_t i = 0; i < state->outer; i++) {
    const uint8_t* from = state->from + (size_t)i * state->dim * state->slice;
    for (uint32_t j = 0; j < state->count; j++) {
      const uint32_t index = thil_bytes_u32(state->indices + 4 * j);
      memcpy(to, from + (size_t)index * state->slice, state->slice);
      to += state->slice;
    }
  }
}
