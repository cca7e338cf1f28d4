/* SPDX-License-Identifier: Apache-2.0 */
/* SHAPE: the dimensions of its input, which no vector changes, as int32. */
#include "op.h"

#include <string.h>

typedef struct shape_state {
  uint8_t* output;
  int32_t dims[THIL_TENSOR_MAX_RANK];
  uint32_t bytes;
} shape_state;

thil_engine_status thil_shape_prepare(thil_op_load* load, void** state) {
  const thil_tensor* in = load->in[0];
  if (!in || load->out->type != THIL_TYPE_INT32 || load->out->bytes != 4u * in->rank) {
    return thil_op_refuse(load, "output", "is not one INT32 a dimension");
  }
  shape_state made = {.output = load->out->data, .bytes = load->out->bytes};
  for (uint32_t i = 0; i < in->rank; i++) {
    made.dims[i] = (int32_t)in->dims[i];
  }
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

void thil_shape_eval(const void* opaque) {
  const shape_state* state = opaque;
  memcpy(state->output, state->dims, state->bytes);
}
