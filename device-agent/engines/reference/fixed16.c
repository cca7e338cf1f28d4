/* SPDX-License-Identifier: Apache-2.0 */
#include "fixed16.h"

#include "quant.h"

enum { ONE = INT16_MAX };  /* Q0.15 */
enum { ONE_Q2 = 1 << 13 }; /* Q2.13 */

static int16_t saturated(int32_t value) {
  return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

/* round(a * b / 2^15). */
static int16_t multiply(int16_t a, int16_t b) {
  int32_t product = (int32_t)a * b;
  int32_t nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
  return saturated((product + nudge) / (1 << 15));
}

/* Sums and negations wrap, as gemmlowp's do. */
static int16_t add(int16_t a, int16_t b) { return (int16_t)(uint16_t)(a + b); }

static int16_t negated(int16_t a) { return (int16_t)(uint16_t)-a; }

/* exp of x in [-1/4, 0), Q0.15: a polynomial around -1/8. */
static int16_t exp_quarter(int16_t x) {
  const int16_t exp_minus_eighth = 28918, third = 10923;
  int16_t a = add(x, 1 << 12);
  int16_t a2 = multiply(a, a);
  int16_t a3 = multiply(a2, a);
  int16_t a4 = multiply(a2, a2);
  int16_t tail = add(multiply(add((int16_t)thil_quant_shift_right(a4, 2), a3), third), a2);
  int16_t series = add(a, (int16_t)thil_quant_shift_right(tail, 1));
  return saturated(exp_minus_eighth + multiply(exp_minus_eighth, series));
}

/* exp of x <= 0 with so many integer bits, as Q0.15. */
static int16_t exp_negative(int16_t x, int32_t integer_bits) {
  static const int16_t powers[] = {25520, 19875, 12055, 4435,
                                   600,   11,    0}; /* exp(-1/4), exp(-1/2), ... exp(-16) */
  const int32_t fraction = 15 - integer_bits;
  const int32_t quarter = 1 << (fraction - 2);
  if (x == 0) {
    return ONE;
  }
  if (integer_bits > 5 && x < -(1 << (20 - integer_bits))) {
    return 0; /* below -32 */
  }
  int32_t fine = (x & (quarter - 1)) - quarter;
  int16_t result = exp_quarter(saturated(fine * (1 << integer_bits)));
  int32_t rest = fine - x;
  for (int32_t bit = 0; bit < 7 && bit - 2 < integer_bits; bit++) {
    if (rest & (quarter << bit)) {
      result = multiply(result, powers[bit]);
    }
  }
  return result;
}

/* 2 / (1 + x) as Q2.13, x in [0, 1] as Q0.15: three Newton steps. */
static int16_t twice_reciprocal(int16_t x) {
  const int16_t forty_eight_17ths = 23130, minus_32_17ths = -15420;
  int16_t half = (int16_t)((x + ONE + 1) / 2);
  int16_t estimate = add(forty_eight_17ths, multiply(half, minus_32_17ths));
  for (int32_t i = 0; i < 3; i++) {
    int16_t error = add(ONE_Q2, negated(multiply(half, estimate)));
    estimate = add(estimate, saturated(multiply(estimate, error) * 4));
  }
  return estimate;
}

int16_t thil_fixed16_logistic(int16_t x) {
  if (x == 0) {
    return 1 << 14;
  }
  int16_t size = x > 0 ? x : negated(x);
  int16_t result = saturated(twice_reciprocal(exp_negative(negated(size), 3)) * 2);
  return x > 0 ? result : (int16_t)(ONE - result);
}

int16_t thil_fixed16_tanh(int16_t x, int32_t integer_bits) {
  if (x == 0) {
    return 0;
  }
  int16_t below = x < 0 ? x : negated(x);
  int16_t result = saturated((twice_reciprocal(exp_negative(below, integer_bits + 1)) - ONE_Q2) * 4);
  return x < 0 ? negated(result) : result;
}
