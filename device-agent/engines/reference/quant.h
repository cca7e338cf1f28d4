/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quant.h: the fixed-point arithmetic of TensorFlow Lite's int8 kernels, bit for bit. LiteRT's reference
 * kernels round twice (a rounding doubling high multiply, then a rounding shift), but FULLY_CONNECTED rounds
 * once: found by comparison with LiteRT 1.4 to 2.3; tflite-runtime 2.14 rounded twice there too. A real
 * factor is multiplier * 2^(shift - 31) with multiplier in [2^30, 2^31) or 0. Jacob et al., "Quantization and
 * Training of Neural Networks", arXiv:1712.05877, section 2.2 and appendix B.
 */
#ifndef THIL_REFERENCE_QUANT_H
#define THIL_REFERENCE_QUANT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct thil_factor {
  int32_t multiplier;
  int32_t shift; /* -31 .. 30 */
} thil_factor;

/* The factor nearest to `real`; below 2^-32 it is 0. False when real is negative, 2^30 or more, or NaN. */
bool thil_factor_make(double real, thil_factor* factor);

/* Bounds of a fused activation in the output's quantisation. */
typedef struct thil_range {
  int32_t min, max;
} thil_range;

/* ActivationFunctionType of the schema. False for one that has no int8 form. */
bool thil_range_make(uint8_t activation, float scale, int32_t zero_point, thil_range* range);

/* Nearest integer, halves away from zero; saturates, and NaN gives INT32_MIN. */
int32_t thil_quant_round(float value);

/* round(a * b / 2^31), saturating the one product that does not fit. */
static inline int32_t thil_quant_high_multiply(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) {
    return INT32_MAX;
  }
  int64_t product = (int64_t)a * b;
  int64_t nudge = product >= 0 ? (int64_t)1 << 30 : 1 - ((int64_t)1 << 30);
  return (int32_t)((product + nudge) / ((int64_t)1 << 31));
}

/* round(value / 2^exponent), halves away from zero; exponent 0 .. 31. */
static inline int32_t thil_quant_shift_right(int32_t value, int32_t exponent) {
  int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1);
  int32_t remainder = value & mask;
  int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

/* value * 2^exponent modulo 2^32; exponent 0 .. 31. */
static inline int32_t thil_quant_shift_left(int32_t value, int32_t exponent) {
  return (int32_t)((uint32_t)value << exponent);
}

static inline int32_t thil_quant_scale(int32_t value, int32_t multiplier, int32_t shift) {
  int32_t left = shift > 0 ? shift : 0;
  int32_t right = shift > 0 ? 0 : -shift;
  return thil_quant_shift_right(thil_quant_high_multiply(thil_quant_shift_left(value, left), multiplier),
                                right);
}

/* As thil_quant_scale, rounded once, halves up. */
static inline int32_t thil_quant_scale_once(int32_t value, int32_t multiplier, int32_t shift) {
  int32_t right = 31 - shift; /* at least 1 */
  return (int32_t)(((int64_t)value * multiplier + ((int64_t)1 << (right - 1))) >> right);
}

static inline int32_t thil_quant_clamp(int32_t value, thil_range range) {
  int32_t low = value < range.min ? range.min : value;
  return low > range.max ? range.max : low;
}

/* Additions that wrap as two's complement does, where a hostile model may overflow an accumulator. */
static inline int32_t thil_quant_add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }

#endif
