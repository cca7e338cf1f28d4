/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LOGISTIC: int8 to int8 with scale 1/256. As in LiteRT a table of all 256 values is made at load from
 * float32 arithmetic; exp itself is computed in double precision and rounded once, so that no libm is needed.
 */
#include "bytes.h"
#include "op.h"

enum { TABLE_SIZE = 256, EXP_TERMS = 14 };

typedef struct logistic_state {
  const int8_t* input;
  int8_t* output;
  uint32_t count;
  int8_t table[TABLE_SIZE]; /* indexed by value + 128 */
} logistic_state;

/* e^x for |x| <= 88: x = k ln 2 + rest, a Taylor series of the rest, and 2^k put in by its bits. */
static double exponential(double x) {
  const double log2_e = 1.4426950408889634;
  const double ln2_high = 0.693147180369123816490; /* its low 32 bits are 0: k * ln2_high is exact */
  const double ln2_low = 1.90821492927058770002e-10;
  double steps = x * log2_e;
  int32_t k = (int32_t)(steps + (steps < 0 ? -0.5 : 0.5));
  double rest = (x - k * ln2_high) - k * ln2_low;
  double sum = 1;
  for (int32_t i = EXP_TERMS; i > 0; i--) {
    sum = 1 + rest / i * sum;
  }
  uint64_t bits = (uint64_t)(k + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return sum * power;
}

static int8_t logistic(float x) {
  const float limit = 88; /* beyond it the float32 result is 0 or 1 */
  float bounded = x < -limit ? -limit : x > limit ? limit : x;
  float real = 1.0f / (1.0f + (float)exponential((double)-bounded));
  int32_t value = thil_quant_round(real * 256.0f) - 128;
  return (int8_t)thil_quant_clamp(value, (thil_range){INT8_MIN, INT8_MAX});
}

thil_engine_status thil_logistic_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (status) {
    return status;
  }
  if (load->in[0]->bytes != load->out->bytes) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  if (thil_tensor_scale(load->out, 0) != 1.0f / 256 || load->out->zero_point != -128) {
    return thil_op_refuse(load, "output", "is not 1/256, -128");
  }
  load->work = load->out->bytes;
  logistic_state* made = thil_arena_take(load->arena, sizeof *made);
  *state = made;
  if (!made) {
    return THIL_ENGINE_OK;
  }
  made->input = thil_tensor_values(load->in[0]);
  made->output = (int8_t*)load->out->data;
  made->count = load->out->bytes;
  float scale = thil_tensor_scale(load->in[0], 0);
  for (int32_t i = 0; i < TABLE_SIZE; i++) {
    made->table[i] = logistic(scale * (float)(i - 128 - load->in[0]->zero_point));
  }
  return THIL_ENGINE_OK;
}

void thil_logistic_eval(const void* opaque) {
  const logistic_state* state = opaque;
  for (uint32_t i = 0; i < state->count; i++) {
    state->output[i] = state->table[state->input[i] + 128];
  }
}
