/* SPDX-License-Identifier: Apache-2.0 */
/*
 * broadcast.h: two int8 sides that meet element by element, each broadcast to the output over up to four
 * dimensions: ADD, SUB, MUL, MAXIMUM, MINIMUM, PRELU.
 */
#ifndef THIL_REFERENCE_BROADCAST_H
#define THIL_REFERENCE_BROADCAST_H

#include "op.h"

typedef struct thil_side {
  const int8_t* values;
  int32_t offset;                      /* added to a value: its zero point, negated */
  int32_t steps[THIL_TENSOR_MAX_RANK]; /* 0 along a broadcast dimension */
} thil_side;

typedef struct thil_broadcast {
  thil_side side[2];
  int32_t dims[THIL_TENSOR_MAX_RANK]; /* of the output, right-aligned */
  int8_t* output;
  int32_t zero_point; /* of the output */
  thil_range range;
} thil_broadcast;

/* Where a row of the output begins, and its sides' values. */
typedef struct thil_broadcast_row {
  int32_t count;
  const int8_t* values[2];
  int32_t steps[2];
  int8_t* output;
} thil_broadcast_row;

/* Computes one row; `state` begins with its thil_broadcast. */
typedef void (*thil_broadcast_rows)(const void* state, const thil_broadcast_row* row);

/* From inputs 0 and 1 and the output, which it checks; sets the whole range. */
thil_engine_status thil_broadcast_make(thil_op_load* load, thil_broadcast* made);

/* Goes through the rows of a state that begins with its thil_broadcast. */
void thil_broadcast_run(const void* state, thil_broadcast_rows rows);

#endif
