/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SOFTMAX: int8 to int8 with scale 1/256 or to int16 with scale 1/65536, over the last dimension, in the
 * fixed-point arithmetic of LiteRT's reference kernel. Qm.n: m integer and n fractional bits of an int32.
 * exp: exp(x) on [-1/4, 0) by a polynomial around -1/8, times exp(-2^k) for each further bit. 1/x: three
 * Newton steps.
 */
#include "op.h"

enum { OPT_BETA };
enum { DEPTH_MAX = 4095 }; /* as many ones the Q12.19 sum holds */

typedef struct softmax_state {
  const int8_t* input;
  uint8_t* output;
  uint32_t rows, depth;
  int32_t bits;       /* of an output value */
  thil_factor factor; /* from a difference of inputs to Q5.26 */
  int32_t diff_min;   /* differences below it count as exp = 0 */
} softmax_state;

/* Converters round the scale of int16. */
static bool is_scale(float scale, bool is_wide) {
  float steps = scale * (is_wide ? 65536.0f : 256.0f);
  return is_wide ? steps > 0.999f && steps < 1.001f : steps == 1.0f;
}

static thil_engine_status check(const thil_op_load* load) {
  thil_engine_status status = thil_op_want(load, "input", load->in[0], THIL_WANT_INT8);
  bool is_wide = load->out->type == THIL_TYPE_INT16 && load->out->scale_count == 1;
  if (!status && !is_wide) {
    status = thil_op_want(load, "output", load->out, THIL_WANT_INT8);
  }
  if (status) {
    return status;
  }
  if (!thil_tensor_same_shape(load->in[0], load->out) || load->in[0]->rank == 0) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  if (load->in[0]->dims[load->in[0]->rank - 1] > DEPTH_MAX) {
    return thil_op_refuse(load, "row", "is over 4095 long");
  }
  if (!is_scale(thil_tensor_scale(load->out, 0), is_wide) ||
      load->out->zero_point != (is_wide ? INT16_MIN : INT8_MIN)) {
    return thil_op_refuse(load, "output", "is not 1/256, -128");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_softmax_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = check(load);
  if (status) {
    return status;
  }
  softmax_state made = {0};
  double beta = (double)thil_fb_f32(load->fb, &load->options, OPT_BETA, 0.0f);
  double real = beta * (double)thil_tensor_scale(load->in[0], 0) * (1 << 26);
  double limit = 2147483647.0;
  if (!(real > 1.0)) {
    return thil_op_refuse(load, "beta", "or scale too small");
  }
  /* The one factor of the engine that may have shift 31; its only use is a difference of 0. */
  double bounded = real < limit ? real : limit;
  if (!thil_factor_make(bounded / 2, &made.factor)) {
    return thil_op_refuse(load, "beta", "too large");
  }
  made.factor.shift++;
  made.diff_min = -(int32_t)(((uint32_t)31 << 26) >> made.factor.shift);
  made.input = thil_tensor_values(load->in[0]);
  made.output = load->out->data;
  made.bits = load->out->type == THIL_TYPE_INT16 ? 16 : 8;
  made.depth = load->in[0]->dims[load->in[0]->rank - 1];
  made.rows = load->in[0]->bytes / made.depth;
  load->work = (uint64_t)load->in[0]->bytes * 64; /* two exps each */
  softmax_state* kept = thil_arena_take(load->arena, sizeof made);
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return THIL_ENGINE_OK;
}

/* value * 4, saturating. */
static int32_t times_4(int32_t value) {
  return value > INT32_MAX / 4 ? INT32_MAX : value < INT32_MIN / 4 ? INT32_MIN : value * 4;
}

/* exp of x in [-1/4, 0), Q0.31 to Q0.31. */
static int32_t exp_quarter(int32_t x) {
  const int32_t exp_minus_eighth = 1895147668;
  const int32_t third = 715827883;
  int32_t a = x + (1 << 28); /* x + 1/8 */
  int32_t a2 = thil_quant_high_multiply(a, a);
  int32_t a3 = thil_quant_high_multiply(a2, a);
  int32_t a4 = thil_quant_high_multiply(a2, a2);
  int32_t a4_quarter = thil_quant_shift_right(a4, 2);
  int32_t tail = thil_quant_high_multiply(a4_quarter + a3, third) + a2;
  int32_t series = a + thil_quant_shift_right(tail, 1); /* a + a^2/2 + a^3/6 + a^4/24 */
  return exp_minus_eighth + thil_quant_high_multiply(exp_minus_eighth, series);
}

/* exp of x <= 0, Q5.26 to Q0.31. */
static int32_t exp_negative(int32_t x) {
  static const int32_t powers[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  const int32_t quarter = 1 << 24;
  if (x == 0) {
    return INT32_MAX;
  }
  int32_t fine = (x & (quarter - 1)) - quarter;
  int32_t result = exp_quarter(fine * 32);
  int32_t rest = fine - x; /* a multiple of 1/4 */
  for (int32_t bit = 0; bit < 7; bit++) {
    if (rest & (quarter << bit)) {
      result = thil_quant_high_multiply(result, powers[bit]);
    }
  }
  return result;
}

static int32_t exp_of(const softmax_state* state, int32_t difference) {
  int32_t lifted = thil_quant_shift_left(difference, state->factor.shift);
  return exp_negative(thil_quant_high_multiply(lifted, state->factor.multiplier));
}

/* 1 / sum: as Q0.31 of 1 / (sum scaled into [1, 2)), and the power of two it was scaled by. sum: Q12.19 >=
 * 1/2. */
static int32_t reciprocal(uint32_t sum, int32_t* exponent) {
  const int32_t forty_eight_17ths = 1515870810; /* Q2.29, as the estimate */
  const int32_t minus_32_17ths = -1010580540;
  int32_t zeros = 0;
  while (zeros < 31 && (sum << zeros & (uint32_t)1 << 31) == 0) {
    zeros++;
  }
  *exponent = 12 - zeros;
  int32_t half = (int32_t)(sum << zeros >> 1); /* in [1/2, 1) of Q0.31 */
  int32_t estimate = forty_eight_17ths + thil_quant_high_multiply(half, minus_32_17ths);
  for (int32_t i = 0; i < 3; i++) {
    int32_t error = (1 << 29) - thil_quant_high_multiply(half, estimate);
    estimate += times_4(thil_quant_high_multiply(estimate, error));
  }
  return estimate > INT32_MAX / 2 ? INT32_MAX : estimate * 2;
}

static void put(const softmax_state* state, uint32_t at, int32_t value) {
  if (state->bits == 8) {
    state->output[at] = (uint8_t)thil_quant_clamp(value + INT8_MIN, (thil_range){INT8_MIN, INT8_MAX});
    return;
  }
  int32_t wide = thil_quant_clamp(value + INT16_MIN, (thil_range){INT16_MIN, INT16_MAX});
  state->output[2 * at] = (uint8_t)wide;
  state->output[2 * at + 1] = (uint8_t)((uint32_t)wide >> 8);
}

static void softmax_row(const softmax_state* state, const int8_t* input, uint32_t at) {
  int32_t largest = INT8_MIN;
  for (uint32_t i = 0; i < state->depth; i++) {
    largest = input[i] > largest ? input[i] : largest;
  }
  uint32_t sum = 0;
  for (uint32_t i = 0; i < state->depth; i++) {
    int32_t difference = input[i] - largest;
    if (difference >= state->diff_min) {
      sum += (uint32_t)thil_quant_shift_right(exp_of(state, difference), 12);
    }
  }
  int32_t exponent;
  int32_t scale = reciprocal(sum, &exponent);
  exponent += 31 - state->bits;
  for (uint32_t i = 0; i < state->depth; i++) {
    int32_t difference = input[i] - largest;
    int32_t value = 0;
    if (difference >= state->diff_min && exponent <= 31) {
      value = thil_quant_shift_right(thil_quant_high_multiply(scale, exp_of(state, difference)), exponent);
    }
    put(state, at + i, value);
  }
}

void thil_softmax_eval(const void* opaque) {
  const softmax_state* state = opaque;
  for (uint32_t row = 0; row < state->rows; row++) {
    softmax_row(state, state->input + row * state->depth, row * state->depth);
  }
}
