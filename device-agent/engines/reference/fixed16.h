/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixed16.h: logistic and tanh of 16-bit fixed-point numbers, bit for bit as gemmlowp's fixedpoint.h computes
 * them for LiteRT's integer LSTM. Qm.n: m integer and n fractional bits beside the sign.
 */
#ifndef THIL_REFERENCE_FIXED16_H
#define THIL_REFERENCE_FIXED16_H

#include <stdint.h>

/* Of Q3.12, as Q0.15. */
int16_t thil_fixed16_logistic(int16_t x);

/* Of a number with 0 .. 6 integer bits, as Q0.15. */
int16_t thil_fixed16_tanh(int16_t x, int32_t integer_bits);

#endif
