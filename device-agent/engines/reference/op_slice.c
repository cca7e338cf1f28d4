/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SLICE and STRIDED_SLICE: of any type, with constant bounds. As in numpy a negative bound counts from the
 * end, and one beyond it is cut. Masks: bit i stands for dimension i.
 */
#include "box.h"

enum { OPT_BEGIN_MASK, OPT_END_MASK, OPT_ELLIPSIS_MASK, OPT_NEW_AXIS_MASK, OPT_SHRINK_MASK, OPT_OFFSET };

static const uint32_t kInOrder[THIL_TENSOR_MAX_RANK] = {0, 1, 2, 3};
static const thil_range kDims = {-THIL_DIM_MAX, THIL_DIM_MAX}; /* beyond any dimension */

/* What is wanted of one dimension, and its length. */
typedef struct slice_wish {
  int32_t begin, end, step, size;
  bool from_edge, to_edge, is_one;
} slice_wish;

static thil_box_range range_of(const slice_wish* wish) {
  const int32_t size = wish->size;
  const bool forward = wish->step > 0;
  const thil_range edges = forward ? (thil_range){0, size} : (thil_range){-1, size - 1};
  int32_t begin = wish->begin < 0 ? wish->begin + size : wish->begin;
  int32_t end = wish->end < 0 ? wish->end + size : wish->end;
  if (wish->is_one) {
    return (thil_box_range){begin, 1, 1};
  }
  begin = wish->from_edge ? (forward ? 0 : size - 1) : thil_quant_clamp(begin, edges);
  end = wish->to_edge ? (forward ? size : -1) : thil_quant_clamp(end, edges);
  int32_t length = forward ? end - begin : begin - end;
  int32_t step = forward ? wish->step : -wish->step;
  return (thil_box_range){begin, length > 0 ? (length - 1) / step + 1 : 0, wish->step};
}

static bool is_usable(int32_t value) { return value >= -THIL_DIM_MAX && value <= THIL_DIM_MAX; }

static bool has_mask(const thil_op_load* load, uint32_t field) {
  return thil_fb_i32(load->fb, &load->options, field, 0) != 0;
}

static bool is_set(const thil_op_load* load, uint32_t field, uint32_t bit) {
  return (thil_fb_u32(load->fb, &load->options, field, 0) >> bit & 1) != 0;
}

thil_engine_status thil_strided_slice_prepare(thil_op_load* load, void** state) {
  int32_t begins[THIL_TENSOR_MAX_RANK], ends[THIL_TENSOR_MAX_RANK], steps[THIL_TENSOR_MAX_RANK];
  thil_box_range ranges[THIL_TENSOR_MAX_RANK];
  const thil_tensor* in = load->in[0];
  if (!in || !thil_op_integers(load->in[1], in->rank, begins) ||
      !thil_op_integers(load->in[2], in->rank, ends) || !thil_op_integers(load->in[3], in->rank, steps)) {
    return thil_op_refuse(load, "bounds", "are not constant, one a dimension");
  }
  if (has_mask(load, OPT_ELLIPSIS_MASK) || has_mask(load, OPT_NEW_AXIS_MASK) ||
      thil_fb_u8(load->fb, &load->options, OPT_OFFSET, 0)) {
    return thil_op_refuse(load, "masks", "of ellipsis, new axis or offset");
  }
  for (uint32_t i = 0; i < in->rank; i++) {
    if (steps[i] == 0 || !is_usable(steps[i])) {
      return thil_op_refuse(load, "stride", "is unusable");
    }
    const slice_wish wish = {thil_quant_clamp(begins[i], kDims),
                             thil_quant_clamp(ends[i], kDims),
                             steps[i],
                             (int32_t)in->dims[i],
                             is_set(load, OPT_BEGIN_MASK, i),
                             is_set(load, OPT_END_MASK, i),
                             is_set(load, OPT_SHRINK_MASK, i)};
    ranges[i] = range_of(&wish);
  }
  return thil_box_make(load, ranges, kInOrder, state);
}

thil_engine_status thil_slice_prepare(thil_op_load* load, void** state) {
  int32_t begins[THIL_TENSOR_MAX_RANK], sizes[THIL_TENSOR_MAX_RANK];
  thil_box_range ranges[THIL_TENSOR_MAX_RANK];
  const thil_tensor* in = load->in[0];
  if (!in || !thil_op_integers(load->in[1], in->rank, begins) ||
      !thil_op_integers(load->in[2], in->rank, sizes)) {
    return thil_op_refuse(load, "bounds", "are not constant, one a dimension");
  }
  for (uint32_t i = 0; i < in->rank; i++) {
    int32_t rest = is_usable(begins[i]) ? (int32_t)in->dims[i] - begins[i] : 0;
    ranges[i] = (thil_box_range){begins[i], sizes[i] == -1 ? rest : sizes[i], 1};
  }
  return thil_box_make(load, ranges, kInOrder, state);
}

void thil_strided_slice_eval(const void* state) { thil_box_copy(state); }

void thil_slice_eval(const void* state) { thil_box_copy(state); }
