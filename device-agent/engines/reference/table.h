/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h: operators of one int8 input whose output depends on the value alone: all 256 answers are computed
 * at load, so that a kernel may be as slow as its formula is long.
 */
#ifndef THIL_REFERENCE_TABLE_H
#define THIL_REFERENCE_TABLE_H

#include "op.h"

enum { THIL_TABLE_SIZE = 256 };

typedef struct thil_table {
  const int8_t* input;
  int8_t* output;
  uint32_t count;
  int8_t answers[THIL_TABLE_SIZE]; /* indexed by value + 128 */
} thil_table;

/* The answer to one value, its zero point subtracted; before it is cut to int8. */
typedef int32_t (*thil_table_answer)(const void* context, int32_t value);

/* Checks types and shapes, and fills the table. */
thil_engine_status thil_table_make(thil_op_load* load, thil_table_answer answer, const void* context,
                                   void** state);

void thil_table_run(const void* state);

/* For functions of real numbers: what LiteRT's tables hold, where float32 is rounded at each step. */
typedef struct thil_table_real {
  double (*function)(double);
  float input_scale, inverse_scale; /* of the output */
  int32_t zero_point;
} thil_table_real;

/* A table of function(real value of the input). */
thil_engine_status thil_table_make_real(thil_op_load* load, double (*function)(double), void** state);

/* Output scale 1 / steps and this zero point: refused otherwise. */
thil_engine_status thil_table_want_output(const thil_op_load* load, float steps, int32_t zero_point);

#endif
