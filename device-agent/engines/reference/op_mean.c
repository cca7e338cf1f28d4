/* SPDX-License-Identifier: Apache-2.0 */
/* MEAN: int8 over any constant set of dimensions; 1 / count is folded into the factor, as LiteRT does. */
#include "bytes.h"
#include "op.h"

/* The kept or the reduced dimensions, outermost first. */
typedef struct mean_axes {
  uint32_t rank, count; /* count: product of sizes */
  uint32_t sizes[THIL_TENSOR_MAX_RANK];
  uint32_t steps[THIL_TENSOR_MAX_RANK];
} mean_axes;

typedef struct mean_state {
  const int8_t* input;
  int8_t* output;
  mean_axes kept, reduced;
  int32_t input_sum; /* what `reduced.count` zero points add up to */
  int32_t zero_point;
  thil_factor factor;
} mean_state;

static void add_axis(mean_axes* axes, uint32_t size, uint32_t step) {
  axes->sizes[axes->rank] = size;
  axes->steps[axes->rank] = step;
  axes->count *= size;
  axes->rank++;
}

/* Bit i: dimension i is reduced. 0 for an axis that does not exist. */
static uint32_t reduced_mask(const thil_op_load* load) {
  int32_t rank = load->in[0]->rank;
  uint32_t count = thil_tensor_elements(load->in[1]);
  uint32_t mask = 0;
  for (uint32_t i = 0; i < count && i < 2 * THIL_TENSOR_MAX_RANK; i++) {
    int32_t axis = thil_bytes_i32(load->in[1]->constant + 4 * i);
    if (axis < -rank || axis >= rank) {
      return 0;
    }
    mask |= 1u << (axis < 0 ? axis + rank : axis);
  }
  return mask;
}

static void split_axes(const thil_tensor* input, uint32_t mask, mean_state* state) {
  uint32_t steps[THIL_TENSOR_MAX_RANK];
  uint32_t step = 1;
  for (uint32_t i = input->rank; i-- > 0;) {
    steps[i] = step;
    step *= input->dims[i];
  }
  state->kept.count = state->reduced.count = 1;
  for (uint32_t i = 0; i < input->rank; i++) {
    add_axis(mask >> i & 1 ? &state->reduced : &state->kept, input->dims[i], steps[i]);
  }
}

/* Divides the factor by the count, keeping as many bits as 32 hold. */
static void fold_count(thil_factor* factor, uint32_t count) {
  int32_t shift = 0;
  while (shift < 31 && count >> shift > 1) {
    shift++;
  }
  if (shift > 31 + factor->shift) {
    shift = 31 + factor->shift;
  }
  factor->multiplier = (int32_t)(((int64_t)factor->multiplier << shift) / count);
  factor->shift -= shift;
}

thil_engine_status thil_mean_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (!status) {
    status = thil_op_want(load, "axis", load->in[1], THIL_WANT_INT32 | THIL_WANT_CONSTANT);
  }
  if (status) {
    return status;
  }
  const thil_tensor* input = load->in[0];
  mean_state made = {0};
  uint32_t mask = reduced_mask(load);
  split_axes(input, mask, &made);
  if (mask == 0 || made.kept.count != load->out->bytes) {
    return thil_op_refuse(load, "axis", "does not fit");
  }
  double ratio = (double)thil_tensor_scale(input, 0) / (double)thil_tensor_scale(load->out, 0);
  if (!thil_factor_make(ratio, &made.factor)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  fold_count(&made.factor, made.reduced.count);
  made.input = thil_tensor_values(input);
  made.output = (int8_t*)load->out->data;
  made.input_sum = (int32_t)((uint32_t)input->zero_point * made.reduced.count);
  made.zero_point = load->out->zero_point;
  load->work = input->bytes;
  mean_state* kept = thil_arena_take(load->arena, sizeof made);
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return THIL_ENGINE_OK;
}

/* Where the index-th combination of the first `rank` axes starts. */
static uint32_t offset_of(const mean_axes* axes, uint32_t rank, uint32_t index) {
  uint32_t offset = 0;
  for (uint32_t i = rank; i-- > 0;) {
    offset += index % axes->sizes[i] * axes->steps[i];
    index /= axes->sizes[i];
  }
  return offset;
}

static int32_t sum_from(const mean_axes* axes, const int8_t* input) {
  uint32_t last = axes->rank - 1;
  uint32_t rows = axes->count / axes->sizes[last];
  int32_t sum = 0;
  for (uint32_t row = 0; row < rows; row++) {
    const int8_t* values = input + offset_of(axes, last, row);
    for (uint32_t i = 0; i < axes->sizes[last]; i++) {
      sum = thil_quant_add(sum, values[i * axes->steps[last]]);
    }
  }
  return sum;
}

void thil_mean_eval(const void* opaque) {
  const mean_state* state = opaque;
  const thil_range range = {INT8_MIN, INT8_MAX};
  for (uint32_t i = 0; i < state->kept.count; i++) {
    int32_t sum = sum_from(&state->reduced, state->input + offset_of(&state->kept, state->kept.rank, i));
    int32_t centred = (int32_t)((uint32_t)sum - (uint32_t)state->input_sum);
    int32_t scaled = thil_quant_scale(centred, state->factor.multiplier, state->factor.shift);
    state->output[i] = (int8_t)thil_quant_clamp(thil_quant_add(scaled, state->zero_point), range);
  }
}
