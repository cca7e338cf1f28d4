/* SPDX-License-Identifier: Apache-2.0 */
#include "quant.h"

#include <string.h>

enum { ACTIVATION_NONE, ACTIVATION_RELU, ACTIVATION_RELU_N1_TO_1, ACTIVATION_RELU6 };

/* Takes the double apart by its bits, so that neither libm nor the FPU's rounding mode has a say. */
bool thil_factor_make(double real, thil_factor* factor) {
  uint64_t bits;
  memcpy(&bits, &real, sizeof bits);
  int32_t exponent = (int32_t)(bits >> 52);
  if (exponent > 1022 + 30) {
    return false; /* too large, negative, infinite or NaN */
  }
  uint64_t mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
  uint64_t rounded = (mantissa + ((uint64_t)1 << 21)) >> 22; /* 53 bits to 31, halves up */
  int32_t shift = exponent - 1022;
  if (rounded == (uint64_t)1 << 31) {
    rounded >>= 1;
    shift++;
  }
  if (shift < -31) {
    rounded = 0;
    shift = 0;
  }
  factor->multiplier = (int32_t)rounded;
  factor->shift = shift;
  return shift <= 30;
}

int32_t thil_quant_round(float value) {
  if (!(value > -2147483648.0f)) {
    return INT32_MIN;
  }
  if (value >= 2147483648.0f) {
    return INT32_MAX;
  }
  int32_t whole = (int32_t)value;
  float rest = value - (float)whole;
  if (rest >= 0.5f) {
    return whole + 1;
  }
  return rest <= -0.5f ? whole - 1 : whole;
}

static int32_t quantised(float real, float scale, int32_t zero_point) {
  int32_t steps = thil_quant_round(real / scale);
  steps = thil_quant_clamp(steps, (thil_range){-1024, 1024}); /* beyond int8 either way, and no overflow */
  return zero_point + steps;
}

bool thil_range_make(uint8_t activation, float scale, int32_t zero_point, thil_range* range) {
  const thil_range whole = {INT8_MIN, INT8_MAX};
  *range = whole;
  switch (activation) {
    case ACTIVATION_NONE:
      return true;
    case ACTIVATION_RELU:
      range->min = quantised(0.0f, scale, zero_point);
      break;
    case ACTIVATION_RELU_N1_TO_1:
      range->min = quantised(-1.0f, scale, zero_point);
      range->max = quantised(1.0f, scale, zero_point);
      break;
    case ACTIVATION_RELU6:
      range->min = quantised(0.0f, scale, zero_point);
      range->max = quantised(6.0f, scale, zero_point);
      break;
    default:
      return false;
  }
  range->min = thil_quant_clamp(range->min, whole);
  range->max = thil_quant_clamp(range->max, whole);
  return true;
}
