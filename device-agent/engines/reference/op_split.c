/* SPDX-License-Identifier: Apache-2.0 */
/* SPLIT, SPLIT_V and UNPACK: of any type; the bytes are those of the input, whatever the outputs' scales. */
#include "join.h"

#include <string.h>

enum { UNPACK_NUM, UNPACK_AXIS };

typedef struct split_what {
  const thil_tensor* whole;
  int32_t axis;
  bool is_new_axis;
} split_what;

static thil_engine_status prepare(thil_op_load* load, split_what what, void** state) {
  thil_join_plan plan = {what.whole, load->outs, load->out_count, 0, what.is_new_axis, false};
  if (!what.whole || !thil_op_axis(what.axis, what.whole->rank, &plan.axis)) {
    return thil_op_refuse(load, "axis", "does not fit");
  }
  return thil_join_make(load, &plan, state);
}

/* `axis` is a constant with one element. */
static thil_engine_status prepare_split(thil_op_load* load, const thil_tensor* axis, const thil_tensor* whole,
                                        void** state) {
  split_what what = {whole, 0, false};
  if (!thil_op_integers(axis, 1, &what.axis)) {
    return thil_op_refuse(load, "axis", "is not constant");
  }
  return prepare(load, what, state);
}

thil_engine_status thil_split_prepare(thil_op_load* load, void** state) {
  return prepare_split(load, load->in[0], load->in[1], state);
}

/* Input 1 has the sizes, which the outputs have, too. */
thil_engine_status thil_split_v_prepare(thil_op_load* load, void** state) {
  return prepare_split(load, load->in[2], load->in[0], state);
}

thil_engine_status thil_unpack_prepare(thil_op_load* load, void** state) {
  split_what what = {load->in[0], thil_fb_i32(load->fb, &load->options, UNPACK_AXIS, 0), true};
  return prepare(load, what, state);
}

void thil_split_eval(const void* opaque) {
  const thil_join* state = opaque;
  const uint8_t* from = state->whole;
  for (uint32_t row = 0; row < state->rows; row++) {
    for (uint32_t i = 0; i < state->count; i++) {
      const thil_piece* piece = &state->pieces[i];
      memcpy(piece->at + row * piece->bytes, from, piece->bytes);
      from += piece->bytes;
    }
  }
}

void thil_split_v_eval(const void* state) { thil_split_eval(state); }

void thil_unpack_eval(const void* state) { thil_split_eval(state); }
