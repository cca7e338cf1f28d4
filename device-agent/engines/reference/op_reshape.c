/* SPDX-License-Identifier: Apache-2.0 */
/* RESHAPE, EXPAND_DIMS and SQUEEZE: rename their input, to the shape that the image gives the output. The
   planner gives both tensors one storage, so there is nothing to run. */
#include "op.h"

thil_engine_status thil_reshape_prepare(thil_op_load* load, void** state) {
  if (!load->in[0] || load->in[0]->bytes != load->out->bytes || load->in[0]->type != load->out->type ||
      load->out->bytes == 0) {
    return thil_op_refuse(load, "output", "is not the input");
  }
  *state = thil_arena_take(load->arena, 1);
  return THIL_ENGINE_OK;
}

void thil_reshape_eval(const void* state) { (void)state; }
