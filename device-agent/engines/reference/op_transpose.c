/* SPDX-License-Identifier: Apache-2.0 */
/* TRANSPOSE: of any type, by a constant permutation: output dimension i is input dimension permutation[i]. */
#include "box.h"

static bool is_permutation(const int32_t* order, uint32_t rank) {
  uint32_t seen = 0;
  for (uint32_t i = 0; i < rank; i++) {
    if (order[i] < 0 || order[i] >= (int32_t)rank) {
      return false;
    }
    seen |= 1u << order[i];
  }
  return seen == (1u << rank) - 1;
}

thil_engine_status thil_transpose_prepare(thil_op_load* load, void** state) {
  int32_t given[THIL_TENSOR_MAX_RANK] = {0};
  uint32_t order[THIL_TENSOR_MAX_RANK] = {0};
  thil_box_range ranges[THIL_TENSOR_MAX_RANK];
  const thil_tensor* in = load->in[0];
  if (!in || !thil_op_integers(load->in[1], in->rank, given)) {
    return thil_op_refuse(load, "permutation", "is not constant, one a dimension");
  }
  if (!is_permutation(given, in->rank)) {
    return thil_op_refuse(load, "permutation", "is none");
  }
  for (uint32_t i = 0; i < in->rank; i++) {
    order[i] = (uint32_t)given[i];
    ranges[i] = (thil_box_range){0, (int32_t)in->dims[i], 1};
  }
  return thil_box_make(load, ranges, order, state);
}

void thil_transpose_eval(const void* state) { thil_box_copy(state); }
