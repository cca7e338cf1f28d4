/* SPDX-License-Identifier: Apache-2.0 */
/* CONCATENATION and PACK: of any type; the scales are the output's. */
#include "join.h"

#include <string.h>

enum { CONCATENATION_AXIS, CONCATENATION_ACTIVATION };
enum { PACK_AXIS = 1 };

static thil_engine_status prepare(thil_op_load* load, int32_t axis, bool is_new_axis, void** state) {
  thil_join_plan plan = {load->out, load->in, load->in_count, 0, is_new_axis, true};
  if (!thil_op_axis(axis, load->out->rank, &plan.axis)) {
    return thil_op_refuse(load, "axis", "does not fit");
  }
  return thil_join_make(load, &plan, state);
}

thil_engine_status thil_concatenation_prepare(thil_op_load* load, void** state) {
  if (thil_fb_u8(load->fb, &load->options, CONCATENATION_ACTIVATION, 0) != 0) {
    return thil_op_refuse(load, "activation", "is fused");
  }
  return prepare(load, thil_fb_i32(load->fb, &load->options, CONCATENATION_AXIS, 0), false, state);
}

thil_engine_status thil_pack_prepare(thil_op_load* load, void** state) {
  return prepare(load, thil_fb_i32(load->fb, &load->options, PACK_AXIS, 0), true, state);
}

void thil_concatenation_eval(const void* opaque) {
  const thil_join* state = opaque;
  uint8_t* to = state->whole;
  for (uint32_t row = 0; row < state->rows; row++) {
    for (uint32_t i = 0; i < state->count; i++) {
      const thil_piece* piece = &state->pieces[i];
      memcpy(to, piece->at + row * piece->bytes, piece->bytes);
      to += piece->bytes;
    }
  }
}

void thil_pack_eval(const void* state) { thil_concatenation_eval(state); }
