/* SPDX-License-Identifier: Apache-2.0 */
/* AVERAGE_POOL_2D and MAX_POOL_2D: NHWC int8; input and output share one quantisation. */
#include "window.h"

#include <string.h>

enum { OPT_PADDING, OPT_STRIDE_W, OPT_STRIDE_H, OPT_FILTER_W, OPT_FILTER_H, OPT_ACTIVATION };

typedef struct pool_state {
  thil_window_pair window;
  thil_range range;
  const int8_t* input;
  int8_t* output;
  int32_t batches;
  int32_t channels;
} pool_state;

static thil_engine_status check(const thil_op_load* load) {
  thil_engine_status status = thil_op_want(load, "input", load->in[0], THIL_WANT_INT8 | THIL_WANT_RANK_4);
  if (!status) {
    status = thil_op_want(load, "output", load->out, THIL_WANT_INT8 | THIL_WANT_RANK_4);
  }
  if (status) {
    return status;
  }
  if (load->in[0]->dims[3] != load->out->dims[3]) {
    return thil_op_refuse(load, "channels", "do not fit");
  }
  if (load->in[0]->zero_point != load->out->zero_point ||
      memcmp(load->in[0]->scales, load->out->scales, sizeof(float)) != 0) {
    return thil_op_refuse(load, "output", "rescales");
  }
  return THIL_ENGINE_OK;
}

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

static thil_engine_status prepare(thil_op_load* load, void** state) {
  thil_engine_status status = check(load);
  if (status) {
    return status;
  }
  int32_t taps_x = thil_fb_i32(load->fb, &load->options, OPT_FILTER_W, 0);
  int32_t taps_y = thil_fb_i32(load->fb, &load->options, OPT_FILTER_H, 0);
  if (taps_x < 1 || taps_y < 1 || taps_x > THIL_DIM_MAX || taps_y > THIL_DIM_MAX) {
    return thil_op_refuse(load, "filter", "size is unusable");
  }
  thil_window_fields fields = {OPT_PADDING, OPT_STRIDE_W, OPT_STRIDE_H, 0, 0, taps_x, taps_y};
  pool_state made = {0};
  status = thil_window_make(load, &fields, &made.window);
  if (!status) {
    status = thil_op_activation(load, OPT_ACTIVATION, &made.range);
  }
  made.input = thil_tensor_values(load->in[0]);
  made.output = (int8_t*)load->out->data;
  made.batches = (int32_t)load->in[0]->dims[0];
  made.channels = (int32_t)load->in[0]->dims[3];
  const thil_tensor* input = load->in[0]; /* a window larger than the image costs no more than the image */
  load->work = (uint64_t)load->out->bytes * smaller((uint32_t)taps_x, input->dims[2]) *
               smaller((uint32_t)taps_y, input->dims[1]);
  pool_state* kept = thil_arena_take(load->arena, sizeof made);
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return status;
}

thil_engine_status thil_average_pool_prepare(thil_op_load* load, void** state) {
  return prepare(load, state);
}

thil_engine_status thil_max_pool_prepare(thil_op_load* load, void** state) { return prepare(load, state); }

/* The rest of the kernel calls this once an output value; image points at the channel. */
typedef int32_t (*pool_reduce)(const pool_state* state, const int8_t* image, const thil_span span[2]);

static int32_t reduce_average(const pool_state* state, const int8_t* image, const thil_span span[2]) {
  int32_t sum = 0;
  for (int32_t y = 0; y < span[0].count; y++) {
    const int8_t* row = image + ((span[0].from + y) * state->window.x.in + span[1].from) * state->channels;
    for (int32_t x = 0; x < span[1].count; x++) {
      sum += row[x * state->channels];
    }
  }
  int32_t count = span[0].count * span[1].count;
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

static int32_t reduce_max(const pool_state* state, const int8_t* image, const thil_span span[2]) {
  int32_t best = INT8_MIN;
  for (int32_t y = 0; y < span[0].count; y++) {
    const int8_t* row = image + ((span[0].from + y) * state->window.x.in + span[1].from) * state->channels;
    for (int32_t x = 0; x < span[1].count; x++) {
      int32_t value = row[x * state->channels];
      best = value > best ? value : best;
    }
  }
  return best;
}

static void eval(const pool_state* state, pool_reduce reduce) {
  const thil_window_pair* window = &state->window;
  const int8_t* image = state->input;
  int8_t* output = state->output;
  for (int32_t batch = 0; batch < state->batches; batch++) {
    for (int32_t y = 0; y < window->y.out; y++) {
      thil_span span[2] = {thil_window_span(&window->y, y), {0, 0, 0}};
      for (int32_t x = 0; x < window->x.out; x++) {
        span[1] = thil_window_span(&window->x, x);
        for (int32_t channel = 0; channel < state->channels; channel++) {
          *output++ = (int8_t)thil_quant_clamp(reduce(state, image + channel, span), state->range);
        }
      }
    }
    image += window->y.in * window->x.in * state->channels;
  }
}

void thil_average_pool_eval(const void* state) { eval(state, reduce_average); }

void thil_max_pool_eval(const void* state) { eval(state, reduce_max); }
