/* SPDX-License-Identifier: Apache-2.0 */
/* ADD: int8, each side with its own scale, broadcast over up to four dimensions. */
#include "op.h"

enum { OPT_ACTIVATION };
enum { LEFT_SHIFT = 20 }; /* headroom both sides are lifted by before they are brought to one scale */

typedef struct add_side {
  const int8_t* values;
  int32_t offset;
  thil_factor factor;
  int32_t steps[THIL_TENSOR_MAX_RANK]; /* 0 along a broadcast dimension */
} add_side;

typedef struct add_state {
  add_side side[2];
  int32_t dims[THIL_TENSOR_MAX_RANK]; /* of the output, right-aligned */
  int8_t* output;
  int32_t zero_point;
  thil_factor factor;
  thil_range range;
} add_state;

/* Dimension i of 4, counted with leading ones. */
static uint32_t aligned_dim(const thil_tensor* tensor, uint32_t i) {
  uint32_t lead = (uint32_t)(THIL_TENSOR_MAX_RANK - tensor->rank);
  return i < lead ? 1 : tensor->dims[i - lead];
}

/* False when the side cannot be broadcast to the output. */
static bool make_side(const thil_tensor* tensor, const thil_tensor* out, add_side* side) {
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
  return true;
}

static bool below_one(double real, thil_factor* factor) {
  return thil_factor_make(real, factor) && factor->shift <= 0;
}

static bool make_factors(const thil_op_load* load, add_state* state) {
  double a = (double)thil_tensor_scale(load->in[0], 0);
  double b = (double)thil_tensor_scale(load->in[1], 0);
  double out = (double)thil_tensor_scale(load->out, 0);
  double twice_larger = 2 * (a > b ? a : b);
  return below_one(a / twice_larger, &state->side[0].factor) &&
         below_one(b / twice_larger, &state->side[1].factor) &&
         below_one(twice_larger / ((1 << LEFT_SHIFT) * out), &state->factor);
}

static bool output_is_broadcast(const add_state* state, const thil_op_load* load) {
  for (uint32_t i = 0; i < THIL_TENSOR_MAX_RANK; i++) {
    if (state->dims[i] != 1 && state->side[0].steps[i] == 0 && state->side[1].steps[i] == 0) {
      return false;
    }
  }
  return load->out->rank >= load->in[0]->rank && load->out->rank >= load->in[1]->rank;
}

thil_engine_status thil_add_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (!status) {
    status = thil_op_want(load, "second input", load->in[1], THIL_WANT_INT8);
  }
  add_state made = {0};
  if (!status) {
    status = thil_op_activation(load, OPT_ACTIVATION, &made.range);
  }
  if (status) {
    return status;
  }
  for (uint32_t i = 0; i < THIL_TENSOR_MAX_RANK; i++) {
    made.dims[i] = (int32_t)aligned_dim(load->out, i);
  }
  if (!make_side(load->in[0], load->out, &made.side[0]) ||
      !make_side(load->in[1], load->out, &made.side[1]) || !output_is_broadcast(&made, load)) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  if (!make_factors(load, &made)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  made.output = (int8_t*)load->out->data;
  made.zero_point = load->out->zero_point;
  load->work = load->out->bytes;
  add_state* kept = thil_arena_take(load->arena, sizeof made);
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return THIL_ENGINE_OK;
}

static int32_t lifted(const add_side* side, int32_t at) {
  int32_t value = (side->values[at] + side->offset) * (1 << LEFT_SHIFT);
  return thil_quant_scale(value, side->factor.multiplier, side->factor.shift);
}

static void add_row(const add_state* state, int32_t a, int32_t b, int8_t* output) {
  for (int32_t i = 0; i < state->dims[3]; i++) {
    int32_t sum = lifted(&state->side[0], a) + lifted(&state->side[1], b);
    int32_t scaled = thil_quant_scale(sum, state->factor.multiplier, state->factor.shift);
    output[i] = (int8_t)thil_quant_clamp(scaled + state->zero_point, state->range);
    a += state->side[0].steps[3];
    b += state->side[1].steps[3];
  }
}

void thil_add_eval(const void* opaque) {
  const add_state* state = opaque;
  const int32_t* a = state->side[0].steps;
  const int32_t* b = state->side[1].steps;
  int8_t* output = state->output;
  for (int32_t i = 0; i < state->dims[0]; i++) {
    for (int32_t j = 0; j < state->dims[1]; j++) {
      for (int32_t k = 0; k < state->dims[2]; k++) {
        add_row(state, i * a[0] + j * a[1] + k * a[2], i * b[0] + j * b[1] + k * b[2], output);
        output += state->dims[3];
      }
    }
  }
}
