/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CAST: numbers of one type as another's, whatever their scales. Float32 is cut towards zero and to the range
 * of the other type; of an integer that the other type cannot hold, the low bits stay.
 */
#include "bytes.h"
#include "number.h"
#include "op.h"

#include <string.h>

typedef struct cast_state {
  const uint8_t* input;
  uint8_t* output;
  uint32_t count;
  uint8_t from, to; /* tensor types */
} cast_state;

thil_engine_status thil_cast_prepare(thil_op_load* load, void** state) {
  const thil_tensor *in = load->in[0], *out = load->out;
  if (!in || !thil_number_width(in->type) || !thil_number_width(out->type)) {
    return thil_op_refuse(load, "type", "is not int8, uint8, int16, int32 or float32");
  }
  const cast_state made = {.input = (const uint8_t*)thil_tensor_values(in),
                           .output = out->data,
                           .count = thil_tensor_elements(in),
                           .from = in->type,
                           .to = out->type};
  if (made.count != thil_tensor_elements(out)) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  load->work = made.count;
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

/* No number is the greatest one to LiteRT, and 0 to TFLM. */
static int32_t cut(float value, thil_range range) {
  const float beyond = 2147483648.0f;
  if (value != value) {
    return THIL_KERNELS_OF_TFLM ? 0 : range.max;
  }
  return value >= beyond ? range.max : value < -beyond ? range.min : thil_quant_clamp((int32_t)value, range);
}

static int32_t integer_at(const cast_state* state, uint32_t i) {
  if (state->from == THIL_TYPE_FLOAT32) {
    return cut(thil_bytes_f32(state->input + 4 * i), thil_number_range(state->to));
  }
  return thil_number_integer(state->input, state->from, i);
}

static float real_at(const cast_state* state, uint32_t i) {
  return state->from == THIL_TYPE_FLOAT32 ? thil_bytes_f32(state->input + 4 * i)
                                          : (float)thil_number_integer(state->input, state->from, i);
}

void thil_cast_eval(const void* opaque) {
  const cast_state* state = opaque;
  for (uint32_t i = 0; i < state->count; i++) {
    if (state->to == THIL_TYPE_FLOAT32) {
      const float real = real_at(state, i);
      memcpy(state->output + 4 * i, &real, sizeof real);
    } else {
      thil_number_put(state->output, state->to, i, integer_at(state, i));
    }
  }
}
