/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box.h: elements of a tensor, chosen and ordered by one step a dimension, copied unchanged and row by row:
 * SLICE, STRIDED_SLICE, TRANSPOSE.
 */
#ifndef THIL_REFERENCE_BOX_H
#define THIL_REFERENCE_BOX_H

#include "op.h"

typedef struct thil_box {
  const uint8_t* from; /* the first element */
  uint8_t* to;
  uint32_t element;                      /* bytes */
  uint32_t counts[THIL_TENSOR_MAX_RANK]; /* outermost first; unused: 1 in front */
  int32_t steps[THIL_TENSOR_MAX_RANK];   /* in bytes of the input */
} thil_box;

/* The range of one dimension of the input: element first, first + step, ... */
typedef struct thil_box_range {
  int32_t first, count, step;
} thil_box_range;

/* From one range a dimension of input 0, in the order in which the output has them: order[i] is the input's
   dimension. Refuses ranges outside of the input, and an output that they do not fill. */
thil_engine_status thil_box_make(thil_op_load* load, const thil_box_range* ranges, const uint32_t* order,
                                 void** state);

void thil_box_copy(const thil_box* box);

#endif
