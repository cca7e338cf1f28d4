/* SPDX-License-Identifier: Apache-2.0 */
/* TRANSPOSE_CONV: NHWC int8, filter [out channels, height, width, in channels]. A convolution over the output
 * that would give the input says which taps of which inputs meet in each output; they are gathered, so that
 * no sums are kept. */
#include "channels.h"
#include "window.h"

enum { IN_SHAPE, IN_FILTER, IN_IMAGE, IN_BIAS };
enum { OPT_PADDING, OPT_STRIDE_W, OPT_STRIDE_H, OPT_ACTIVATION };

typedef struct transpose_conv_state {
  thil_window_pair window; /* its `in` is the output, its `out` the input */
  thil_channels channels;
  const int8_t* input;
  int8_t* output;
  int32_t batches;
  int32_t in_channels;
  uint32_t out_channels;
} transpose_conv_state;

/* Every `stride`th tap from the first of `taps` on; tap first + i * stride reads input position from - i. */
typedef struct gathered {
  int32_t first, count, from;
} gathered;

/* What the model computes itself is the shape that its image gives the output. */
static bool shape_fits(const thil_op_load* load) {
  int32_t shape[4];
  bool fits = load->in[IN_SHAPE]->constant == NULL || thil_op_integers(load->in[IN_SHAPE], 4, shape);
  for (int i = 0; fits && load->in[IN_SHAPE]->constant && i < 4; i++) {
    fits = shape[i] == (int32_t)load->out->dims[i];
  }
  return fits;
}

static thil_engine_status check_tensors(const thil_op_load* load) {
  const thil_tensor* image = load->in[IN_IMAGE];
  const thil_tensor* filter = load->in[IN_FILTER];
  thil_engine_status status = thil_op_want(load, "input", image, THIL_WANT_INT8 | THIL_WANT_RANK_4);
  if (!status) {
    status = thil_op_want(load, "filter", filter, THIL_WANT_WEIGHTS | THIL_WANT_RANK_4);
  }
  if (!status) {
    status = thil_op_want(load, "output", load->out, THIL_WANT_INT8 | THIL_WANT_RANK_4);
  }
  if (!status) {
    status = thil_op_want(load, "output shape", load->in[IN_SHAPE], THIL_WANT_INT32);
  }
  if (status) {
    return status;
  }
  if (filter->dims[3] != image->dims[3] || filter->dims[0] != load->out->dims[3]) {
    return thil_op_refuse(load, "channels", "do not fit");
  }
  if (!shape_fits(load)) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_transpose_conv_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = check_tensors(load);
  if (status) {
    return status;
  }
  const thil_tensor* filter = load->in[IN_FILTER];
  thil_window_fields fields = {
      OPT_PADDING, OPT_STRIDE_W, OPT_STRIDE_H, 0, 0, (int32_t)filter->dims[2], (int32_t)filter->dims[1]};
  transpose_conv_state made = {0};
  thil_op_load backwards = *load;
  backwards.in[0] = load->out;
  backwards.out = load->in[IN_IMAGE];
  status = thil_window_make(&backwards, &fields, &made.window);
  if (status) {
    return status;
  }
  thil_channels_plan plan = {filter->dims[0], OPT_ACTIVATION, 0, false};
  thil_op_load forwards = *load;
  forwards.in[0] = load->in[IN_IMAGE];
  forwards.in[1] = filter;
  forwards.in[2] = load->in[IN_BIAS];
  transpose_conv_state* kept = thil_arena_take(load->arena, sizeof made);
  status = thil_channels_make(&forwards, &plan, &made.channels);
  made.input = thil_tensor_values(load->in[IN_IMAGE]);
  made.output = (int8_t*)load->out->data;
  made.batches = (int32_t)load->out->dims[0];
  made.in_channels = (int32_t)filter->dims[3];
  made.out_channels = filter->dims[0];
  load->work = (uint64_t)load->out->bytes * filter->dims[3] * filter->dims[1] * filter->dims[2];
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return status;
}

static gathered gather(const thil_window* window, int32_t position) {
  const int32_t moved = position + window->pad;
  gathered found = {moved % window->stride, 0, moved / window->stride};
  const int32_t behind = found.from - (window->out - 1); /* inputs that are not there */
  if (behind > 0) {
    found.first += behind * window->stride;
    found.from = window->out - 1;
  }
  if (found.first < window->taps) {
    found.count = (window->taps - 1 - found.first) / window->stride + 1;
  }
  if (found.count > found.from + 1) {
    found.count = found.from + 1;
  }
  return found;
}

static void add_gathered(const transpose_conv_state* state, thil_channels_block* block, const int8_t* image,
                         const gathered taps[2]) {
  const thil_window_pair* window = &state->window;
  for (int32_t y = 0; y < taps[0].count; y++) {
    const int32_t filter_y = taps[0].first + y * window->y.stride;
    const int8_t* row = image + (taps[0].from - y) * window->x.out * state->in_channels;
    for (int32_t x = 0; x < taps[1].count; x++) {
      const int32_t filter_x = taps[1].first + x * window->x.stride;
      thil_channels_add(block, row + (taps[1].from - x) * state->in_channels, state->in_channels,
                        (filter_y * window->x.taps + filter_x) * state->in_channels);
    }
  }
}

/* All channels of one output position. */
static void eval_position(const transpose_conv_state* state, const int8_t* image, const gathered taps[2],
                          int8_t* output) {
  uint32_t channel = 0;
  while (channel < state->out_channels) {
    thil_channels_block block;
    uint32_t count = thil_channels_begin(&state->channels, channel, state->out_channels, &block);
    add_gathered(state, &block, image, taps);
    for (uint32_t i = 0; i < count; i++) {
      output[channel] = thil_channels_output(&state->channels, channel, (int32_t)block.sums[i]);
      channel++;
    }
  }
}

void thil_transpose_conv_eval(const void* opaque) {
  const transpose_conv_state* state = opaque;
  const thil_window_pair* window = &state->window;
  const int8_t* image = state->input;
  int8_t* output = state->output;
  for (int32_t batch = 0; batch < state->batches; batch++) {
    for (int32_t y = 0; y < window->y.in; y++) {
      gathered taps[2] = {gather(&window->y, y), {0, 0, 0}};
      for (int32_t x = 0; x < window->x.in; x++) {
        taps[1] = gather(&window->x, x);
        eval_position(state, image, taps, output);
        output += state->out_channels;
      }
    }
    image += window->y.out * window->x.out * state->in_channels;
  }
}
