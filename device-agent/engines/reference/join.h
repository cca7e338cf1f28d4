/* SPDX-License-Identifier: Apache-2.0 */
/*
 * join.h: several tensors as pieces of one along an axis, of any type: joined by CONCATENATION and PACK,
 * taken apart by SPLIT, SPLIT_V and UNPACK. The bytes move unchanged.
 */
#ifndef THIL_REFERENCE_JOIN_H
#define THIL_REFERENCE_JOIN_H

#include "op.h"

typedef struct thil_piece {
  uint8_t* at;
  uint32_t bytes; /* of one row */
} thil_piece;

typedef struct thil_join {
  uint8_t* whole;
  uint32_t rows, count;
  thil_piece pieces[THIL_OP_INPUTS_MAX];
} thil_join;

/* What is joined and along what. */
typedef struct thil_join_plan {
  const thil_tensor* whole;
  const thil_tensor* const* pieces;
  uint32_t count;
  uint32_t axis;     /* of the whole */
  bool is_new_axis;  /* the pieces lack it: each is one step along it */
  bool keeps_scales; /* refuses a piece whose numbers are stored in another way */
} thil_join_plan;

/* Takes the state, whose size is that of the pieces there are. Refuses pieces that do not make the whole. */
thil_engine_status thil_join_make(thil_op_load* load, const thil_join_plan* plan, void** state);

#endif
