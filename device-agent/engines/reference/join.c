/* SPDX-License-Identifier: Apache-2.0 */
#include "join.h"

#include <stddef.h>

/* Every dimension but the axis is the whole's. */
static bool has_its_shape(const thil_join_plan* plan, const thil_tensor* piece) {
  const thil_tensor* whole = plan->whole;
  if (piece->rank + (plan->is_new_axis ? 1u : 0u) != whole->rank) {
    return false;
  }
  for (uint32_t i = 0; i < whole->rank; i++) {
    uint32_t at = plan->is_new_axis && i > plan->axis ? i - 1 : i;
    if (i != plan->axis && piece->dims[at] != whole->dims[i]) {
      return false;
    }
  }
  return true;
}

static thil_engine_status check_piece(const thil_op_load* load, const thil_join_plan* plan,
                                      const thil_tensor* piece) {
  if (!piece || piece->type != plan->whole->type || piece->bytes == 0) {
    return thil_op_refuse(load, "types", "do not fit");
  }
  if (!has_its_shape(plan, piece)) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  if (plan->keeps_scales && !thil_tensor_same_quantisation(piece, plan->whole)) {
    return thil_op_refuse(load, "output", "rescales");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_join_make(thil_op_load* load, const thil_join_plan* plan, void** state) {
  thil_join made = {0};
  uint32_t length = 0;
  if (plan->axis >= plan->whole->rank || plan->count == 0 || plan->count > THIL_OP_INPUTS_MAX) {
    return thil_op_refuse(load, "axis", "does not fit");
  }
  made.rows = thil_tensor_span(plan->whole, 0, plan->axis);
  made.count = plan->count;
  made.whole = (uint8_t*)(uintptr_t)thil_tensor_values(plan->whole);
  for (uint32_t i = 0; i < plan->count; i++) {
    const thil_tensor* piece = plan->pieces[i];
    thil_engine_status status = check_piece(load, plan, piece);
    if (status) {
      return status;
    }
    length += plan->is_new_axis ? 1 : piece->dims[plan->axis];
    made.pieces[i] = (thil_piece){(uint8_t*)(uintptr_t)thil_tensor_values(piece), piece->bytes / made.rows};
  }
  if (length != plan->whole->dims[plan->axis]) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  load->work = plan->whole->bytes;
  *state =
      thil_op_keep(load, &made, (uint32_t)(offsetof(thil_join, pieces) + plan->count * sizeof *made.pieces));
  return THIL_ENGINE_OK;
}
