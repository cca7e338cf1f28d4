/* SPDX-License-Identifier: Apache-2.0 */
/* CONV_2D: NHWC int8, filter [out channels, height, width, in channels / groups]. */
#include "channels.h"
#include "window.h"

enum { OPT_PADDING, OPT_STRIDE_W, OPT_STRIDE_H, OPT_ACTIVATION, OPT_DILATION_W, OPT_DILATION_H };

typedef struct conv_state {
  thil_window_pair window;
  thil_channels channels;
  const int8_t* input;
  int8_t* output;
  int32_t batches;
  int32_t in_channels;
  int32_t group_channels; /* input channels one output channel sees */
  int32_t group_outputs;  /* output channels a group has */
  int32_t groups;
} conv_state;

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
  uint32_t groups = input->dims[3] / filter->dims[3];
  if (groups == 0 || input->dims[3] % filter->dims[3] != 0 || filter->dims[0] % groups != 0 ||
      filter->dims[0] != load->out->dims[3]) {
    return thil_op_refuse(load, "channels", "do not fit");
  }
  return THIL_ENGINE_OK;
}

static void fill(const thil_op_load* load, conv_state* state) {
  const thil_tensor* filter = load->in[1];
  state->input = thil_tensor_values(load->in[0]);
  state->output = (int8_t*)load->out->data;
  state->batches = (int32_t)load->in[0]->dims[0];
  state->in_channels = (int32_t)load->in[0]->dims[3];
  state->group_channels = (int32_t)filter->dims[3];
  state->groups = state->in_channels / state->group_channels;
  state->group_outputs = (int32_t)filter->dims[0] / state->groups;
}

thil_engine_status thil_conv_prepare(thil_op_load* load, void** state) {
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
  conv_state made = {0};
  status = thil_window_make(load, &fields, &made.window);
  if (status) {
    return status;
  }
  thil_channels_plan plan = {filter->dims[0], OPT_ACTIVATION, 0, false};
  conv_state* kept = thil_arena_take(load->arena, sizeof made);
  status = thil_channels_make(load, &plan, &made.channels);
  load->work = (uint64_t)load->out->bytes * (filter->bytes / filter->dims[0]);
  fill(load, &made);
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return status;
}

/* Adds the window to a block of channels. Filter rows whose taps touch each other in both tensors are one
 * run. */
static void add_window(const conv_state* state, thil_channels_block* block, const int8_t* image,
                       const thil_span span[2]) {
  const int32_t depth = state->group_channels;
  const bool touching = state->window.x.dilation == 1 && state->groups == 1;
  const int32_t run = touching ? span[1].count * depth : depth;
  const int32_t runs = touching ? 1 : span[1].count;
  const int32_t run_step = state->window.x.dilation * state->in_channels;
  for (int32_t y = 0; y < span[0].count; y++) {
    const int32_t image_y = span[0].from + y * state->window.y.dilation;
    const int32_t filter_y = span[0].first + y;
    const int8_t* row = image + (image_y * state->window.x.in + span[1].from) * state->in_channels;
    const int32_t taps = (filter_y * state->window.x.taps + span[1].first) * depth;
    for (int32_t x = 0; x < runs; x++) {
      thil_channels_add(block, row + x * run_step, run, taps + x * depth);
    }
  }
}

/* All channels of one output position. */
static void eval_position(const conv_state* state, const int8_t* image, const thil_span span[2],
                          int8_t* output) {
  uint32_t channel = 0;
  uint32_t end = 0;
  for (int32_t group = 0; group < state->groups; group++) {
    end += (uint32_t)state->group_outputs;
    while (channel < end) {
      thil_channels_block block;
      uint32_t count = thil_channels_begin(&state->channels, channel, end, &block);
      add_window(state, &block, image, span);
      for (uint32_t i = 0; i < count; i++) {
        output[channel] = thil_channels_output(&state->channels, channel, (int32_t)block.sums[i]);
        channel++;
      }
    }
    image += state->group_channels;
  }
}

void thil_conv_eval(const void* opaque) {
  const conv_state* state = opaque;
  const thil_window_pair* window = &state->window;
  const int8_t* image = state->input;
  int8_t* output = state->output;
  for (int32_t batch = 0; batch < state->batches; batch++) {
    for (int32_t y = 0; y < window->y.out; y++) {
      thil_span span[2] = {thil_window_span(&window->y, y), {0, 0, 0}};
      for (int32_t x = 0; x < window->x.out; x++) {
        span[1] = thil_window_span(&window->x, x);
        eval_position(state, image, span, output);
        output += state->groups * state->group_outputs;
      }
    }
    image += window->y.in * window->x.in * state->in_channels;
  }
}
