/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D: NHWC int8, filter [1, height, width, out channels]; out channels = in channels *
 * multiplier. */
#include "channels.h"
#include "window.h"

enum {
  OPT_PADDING,
  OPT_STRIDE_W,
  OPT_STRIDE_H,
  OPT_MULTIPLIER,
  OPT_ACTIVATION,
  OPT_DILATION_W,
  OPT_DILATION_H
};

typedef struct depthwise_state {
  thil_window_pair window;
  thil_channels channels;
  const int8_t* input;
  int8_t* output;
  uint32_t* sums; /* one an output channel; they wrap, where LiteRT's int32 would overflow */
  int32_t batches;
  int32_t in_channels;
  int32_t multiplier; /* output channels of each input channel */
} depthwise_state;

static thil_engine_status check_shapes(const thil_op_load* load) {
  const thil_tensor* input = load->in[0];
  const thil_tensor* filter = load->in[1];
  thil_engine_status status = thil_op_want(load, "input", input, THIL_WANT_INT8 | THIL_WANT_RANK_4);
  if (!status) {
    status = thil_op_want(load, "filter", filter, THIL_WANT_WEIGHTS | THIL_WANT_RANK_4);
  }
  if (!status) {
    status = thil_op_want(load, "output", load->out, THIL_WANT_INT8 | THIL_WANT_RANK_4);
  }
  if (status) {
    return status;
  }
  int32_t multiplier = thil_fb_i32(load->fb, &load->options, OPT_MULTIPLIER, 0);
  uint32_t found = filter->dims[3] / input->dims[3];
  if (filter->dims[0] != 1 || filter->dims[3] % input->dims[3] != 0 ||
      filter->dims[3] != load->out->dims[3] || (multiplier != 0 && (uint32_t)multiplier != found)) {
    return thil_op_refuse(load, "channels", "do not fit");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_depthwise_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = check_shapes(load);
  if (status) {
    return status;
  }
  const thil_tensor* filter = load->in[1];
  thil_window_fields fields = {OPT_PADDING,
                               OPT_STRIDE_W,
                               OPT_STRIDE_H,
                               OPT_DILATION_W,
                               OPT_DILATION_H,
                               (int32_t)filter->dims[2],
                               (int32_t)filter->dims[1]};
  depthwise_state made = {0};
  status = thil_window_make(load, &fields, &made.window);
  if (status) {
    return status;
  }
  thil_channels_plan plan = {filter->dims[3], OPT_ACTIVATION, 3, false};
  depthwise_state* kept = thil_arena_take(load->arena, sizeof made);
  made.sums = thil_arena_take(load->arena, (uint64_t)plan.count * sizeof *made.sums);
  status = thil_channels_make(load, &plan, &made.channels);
  made.input = thil_tensor_values(load->in[0]);
  made.output = (int8_t*)load->out->data;
  made.batches = (int32_t)load->in[0]->dims[0];
  made.in_channels = (int32_t)load->in[0]->dims[3];
  made.multiplier = (int32_t)filter->dims[3] / made.in_channels;
  load->work = (uint64_t)load->out->bytes * (filter->dims[1] * filter->dims[2]);
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return status;
}

/* Adds one tap of the window to the sums of all channels. */
static void add_tap(const depthwise_state* state, const int8_t* values, const int8_t* weights) {
  const int32_t input_offset = state->channels.input_offset;
  const int32_t in_channels = state->in_channels;
  const int32_t multiplier = state->multiplier;
  uint32_t* sums = state->sums;
  if (multiplier == 1) { /* the common case, without an inner loop of one turn */
    for (int32_t i = 0; i < in_channels; i++) {
      sums[i] += (uint32_t)((values[i] + input_offset) * weights[i]);
    }
    return;
  }
  for (int32_t i = 0; i < in_channels; i++) {
    const int32_t value = values[i] + input_offset;
    for (int32_t j = 0; j < multiplier; j++) {
      *sums++ += (uint32_t)(value * *weights++);
    }
  }
}

static void add_window(const depthwise_state* state, const int8_t* image, const thil_span span[2]) {
  const thil_window_pair* window = &state->window;
  const int32_t outputs = state->in_channels * state->multiplier;
  for (int32_t y = 0; y < span[0].count; y++) {
    const int32_t image_y = span[0].from + y * window->y.dilation;
    const int32_t filter_y = span[0].first + y;
    for (int32_t x = 0; x < span[1].count; x++) {
      const int32_t image_at = image_y * window->x.in + span[1].from + x * window->x.dilation;
      const int32_t filter_at = filter_y * window->x.taps + span[1].first + x;
      add_tap(state, image + image_at * state->in_channels, state->channels.filter + filter_at * outputs);
    }
  }
}

static void eval_position(const depthwise_state* state, const int8_t* image, const thil_span span[2],
                          int8_t* output) {
  const uint32_t outputs = (uint32_t)(state->in_channels * state->multiplier);
  for (uint32_t i = 0; i < outputs; i++) {
    state->sums[i] = (uint32_t)thil_channels_bias(&state->channels, i);
  }
  add_window(state, image, span);
  for (uint32_t i = 0; i < outputs; i++) {
    output[i] = thil_channels_output(&state->channels, i, (int32_t)state->sums[i]);
  }
}

void thil_depthwise_eval(const void* opaque) {
  const depthwise_state* state = opaque;
  const thil_window_pair* window = &state->window;
  const int8_t* image = state->input;
  int8_t* output = state->output;
  for (int32_t batch = 0; batch < state->batches; batch++) {
    for (int32_t y = 0; y < window->y.out; y++) {
      thil_span span[2] = {thil_window_span(&window->y, y), {0, 0, 0}};
      for (int32_t x = 0; x < window->x.out; x++) {
        span[1] = thil_window_span(&window->x, x);
        eval_position(state, image, span, output);
        output += state->in_channels * state->multiplier;
      }
    }
    image += window->y.in * window->x.in * state->in_channels;
  }
}
