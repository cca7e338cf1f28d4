/* SPDX-License-Identifier: Apache-2.0 */
#include "real.h"

#include <stdint.h>
#include <string.h>

enum { EXP_TERMS = 14, LOG_TERMS = 11 };

/* x = k ln 2 + rest, a Taylor series of the rest, and 2^k put in by its bits. */
double thil_real_exp(double x) {
  const double limit = 708;
  const double log2_e = 1.4426950408889634;
  const double ln2_high = 0.693147180369123816490; /* its low 32 bits are 0: k * ln2_high is exact */
  const double ln2_low = 1.90821492927058770002e-10;
  if (!(x >= -limit)) {
    return 0;
  }
  double bounded = x > limit ? limit : x;
  double steps = bounded * log2_e;
  int32_t k = (int32_t)(steps + (steps < 0 ? -0.5 : 0.5));
  double rest = (bounded - k * ln2_high) - k * ln2_low;
  double sum = 1;
  for (int32_t i = EXP_TERMS; i > 0; i--) {
    sum = 1 + rest / i * sum;
  }
  uint64_t bits = (uint64_t)(k + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return sum * power;
}

/* x = 2^k * m, m within sqrt(1/2) and sqrt(2); log m = 2 atanh(s) = 2 (s + s^3 / 3 + s^5 / 5 + ...). */
double thil_real_log(double x) {
  const double ln2_high = 0.693147180369123816490;
  const double ln2_low = 1.90821492927058770002e-10;
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int32_t k = (int32_t)(bits >> 52 & 0x7ff) - 1023;
  bits = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1023 << 52;
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m /= 2;
    k++;
  }
  double s = (m - 1) / (m + 1);
  double square = s * s;
  double sum = 0;
  for (int32_t i = 2 * LOG_TERMS + 1; i > 1; i -= 2) {
    sum = (sum + 1.0 / i) * square;
  }
  return k * ln2_high + (2 * s + (2 * s * sum + k * ln2_low));
}
