/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HARD_SWISH: x * relu6(x + 3) / 6, int8, by a table that is filled with the 16-bit fixed-point arithmetic of
 * LiteRT's reference kernel.
 */
#include "table.h"

enum { HIRES = 128 }; /* a value is lifted by it, to use 16 bits */

typedef struct swish_factor {
  int32_t multiplier; /* Q0.15 */
  int32_t shift;
} swish_factor;

typedef struct swish {
  swish_factor output, reluish;
  int32_t zero_point;
} swish;

static int32_t saturated(int64_t value) {
  return value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : (int32_t)value;
}

/* round(a * b / 2^15) of 16-bit values. */
static int32_t high_multiply(int32_t a, int32_t b) {
  int32_t product = a * b;
  int32_t nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
  return saturated((product + nudge) / (1 << 15));
}

static int32_t shift_left(int32_t value, int32_t amount) {
  return saturated((int64_t)value * ((int64_t)1 << amount));
}

/* relu6(x + 3) / 6, where 2^15 is 1; `lifted` is x. */
static int32_t reluish(const swish_factor* factor, int32_t lifted) {
  int32_t value = factor->shift > 0 ? shift_left(lifted, factor->shift - 1) : lifted;
  value = high_multiply(value, factor->multiplier);
  if (factor->shift > 0) {
    value = shift_left(value, 1);
  } else if (factor->shift < 0) {
    value = thil_quant_shift_right(value, -factor->shift);
  }
  return (value + (1 << 15)) >> 1;
}

static int32_t swish_answer(const void* context, int32_t value) {
  const swish* of = context;
  int32_t lifted = (int16_t)(value * HIRES);
  int32_t scaled = high_multiply(lifted, of->output.multiplier);
  int32_t product = reluish(&of->reluish, lifted) * scaled / (1 << 15);
  return thil_quant_shift_right(product, -of->output.shift) + of->zero_point;
}

static bool make_factor(float real, swish_factor* made) {
  thil_factor factor;
  if (!thil_factor_make((double)real, &factor)) {
    return false;
  }
  const int32_t half = 1 << 15;
  bool largest = factor.multiplier >= INT32_MAX - half;
  made->multiplier = largest ? INT16_MAX : (factor.multiplier + half) >> 16;
  made->shift = factor.shift;
  return true;
}

thil_engine_status thil_hard_swish_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (status) {
    return status;
  }
  float lifted_scale = 1.0f / HIRES * thil_tensor_scale(load->in[0], 0);
  swish of = {.zero_point = load->out->zero_point};
  if (!make_factor(lifted_scale / thil_tensor_scale(load->out, 0), &of.output) || of.output.shift > 0 ||
      !make_factor(lifted_scale / (3.0f / 32768.0f), &of.reluish)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  return thil_table_make(load, swish_answer, &of, state);
}

void thil_hard_swish_eval(const void* state) { thil_table_run(state); }
