/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR: NHWC int8, to a constant height and width. Bilinear positions
 * and weights have 10 fractional bits, as in LiteRT's reference kernel.
 */
#include "op.h"

#include <string.h>

enum { OPT_ALIGN_CORNERS, OPT_HALF_PIXEL };
enum { FRACTION = 10, ONE = 1 << FRACTION };

typedef struct resize_axis {
  int32_t in, out;
  int32_t scale; /* bilinear: input positions an output position, with FRACTION bits */
} resize_axis;

typedef struct resize_state {
  const int8_t* input;
  int8_t* output;
  int32_t batches, channels;
  resize_axis y, x;
  bool align_corners, half_pixel;
} resize_state;

/* Two neighbours and the distance from the first, with FRACTION bits. */
typedef struct resize_point {
  int32_t low, high, rest;
} resize_point;

static resize_axis axis_of(uint32_t in, uint32_t out, bool align_corners) {
  int32_t less = align_corners && out > 1 ? 1 : 0;
  int32_t from = (int32_t)in - less, to = (int32_t)out - less;
  return (resize_axis){(int32_t)in, (int32_t)out, (ONE * from + to / 2) / to};
}

static thil_engine_status prepare(thil_op_load* load, uint32_t first_option, void** state) {
  int32_t size[2];
  thil_engine_status status = thil_op_want(load, "input", load->in[0], THIL_WANT_INT8 | THIL_WANT_RANK_4);
  if (!status) {
    status = thil_op_want(load, "output", load->out, THIL_WANT_INT8 | THIL_WANT_RANK_4);
  }
  if (status) {
    return status;
  }
  const uint32_t* in = load->in[0]->dims;
  const uint32_t* out = load->out->dims;
  if (!thil_op_integers(load->in[1], 2, size) || size[0] != (int32_t)out[1] || size[1] != (int32_t)out[2] ||
      in[0] != out[0] || in[3] != out[3]) {
    return thil_op_refuse(load, "size", "does not fit");
  }
  if (!thil_tensor_same_quantisation(load->in[0], load->out)) {
    return thil_op_refuse(load, "output", "rescales");
  }
  resize_state made = {.input = thil_tensor_values(load->in[0]), .output = (int8_t*)load->out->data};
  made.align_corners = thil_fb_u8(load->fb, &load->options, first_option + OPT_ALIGN_CORNERS, 0) != 0;
  made.half_pixel = thil_fb_u8(load->fb, &load->options, first_option + OPT_HALF_PIXEL, 0) != 0;
  if (made.align_corners && made.half_pixel) {
    return thil_op_refuse(load, "options", "exclude each other");
  }
  made.batches = (int32_t)in[0];
  made.channels = (int32_t)in[3];
  made.y = axis_of(in[1], out[1], made.align_corners);
  made.x = axis_of(in[2], out[2], made.align_corners);
  load->work = (uint64_t)load->out->bytes * 4;
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

thil_engine_status thil_resize_nearest_prepare(thil_op_load* load, void** state) {
  return prepare(load, 0, state);
}

/* Its options begin with two that are no longer used. */
thil_engine_status thil_resize_bilinear_prepare(thil_op_load* load, void** state) {
  return prepare(load, 2, state);
}

/* In float32, as LiteRT computes it. */
static int32_t nearest(const resize_state* state, const resize_axis* axis, int32_t at) {
  bool corners = state->align_corners && axis->out > 1;
  float scale = corners ? (float)(axis->in - 1) / (float)(axis->out - 1) : (float)axis->in / (float)axis->out;
  float position = ((float)at + (state->half_pixel ? 0.5f : 0.0f)) * scale;
  int32_t value = state->align_corners ? thil_quant_round(position) : (int32_t)position; /* never negative */
  return value < axis->in - 1 ? value : axis->in - 1;
}

static resize_point between(const resize_state* state, const resize_axis* axis, int32_t at) {
  int32_t position = at * axis->scale + (state->half_pixel ? axis->scale / 2 - ONE / 2 : 0);
  int32_t low = position / ONE > 0 ? position / ONE : 0;
  int32_t high = (position + ONE - 1) / ONE;
  return (resize_point){low, high < axis->in - 1 ? high : axis->in - 1, position - ONE * low};
}

static int8_t interpolated(const int8_t* const rows[2], const int32_t columns[2], int32_t rest_y,
                           int32_t rest_x) {
  int64_t sum = (int64_t)rows[0][columns[0]] * (ONE - rest_y) * (ONE - rest_x) +
                (int64_t)rows[1][columns[0]] * rest_y * (ONE - rest_x) +
                (int64_t)rows[0][columns[1]] * (ONE - rest_y) * rest_x +
                (int64_t)rows[1][columns[1]] * rest_y * rest_x;
  int64_t half = (int64_t)1 << (2 * FRACTION - 1);
  return (int8_t)((sum + (sum > 0 ? half : -half)) / ((int64_t)1 << 2 * FRACTION));
}

void thil_resize_nearest_eval(const void* opaque) {
  const resize_state* state = opaque;
  const uint32_t channels = (uint32_t)state->channels;
  const int8_t* image = state->input;
  int8_t* to = state->output;
  for (int32_t batch = 0; batch < state->batches; batch++) {
    for (int32_t y = 0; y < state->y.out; y++) {
      const int8_t* row = image + nearest(state, &state->y, y) * state->x.in * state->channels;
      for (int32_t x = 0; x < state->x.out; x++) {
        memcpy(to, row + nearest(state, &state->x, x) * state->channels, channels);
        to += channels;
      }
    }
    image += state->y.in * state->x.in * state->channels;
  }
}

static int8_t* bilinear_row(const resize_state* state, const int8_t* image, int32_t y, int8_t* to) {
  const int32_t row_bytes = state->x.in * state->channels;
  const resize_point down = between(state, &state->y, y);
  for (int32_t x = 0; x < state->x.out; x++) {
    const resize_point across = between(state, &state->x, x);
    const int32_t columns[2] = {across.low * state->channels, across.high * state->channels};
    for (int32_t channel = 0; channel < state->channels; channel++) {
      const int8_t* const rows[2] = {image + down.low * row_bytes + channel,
                                     image + down.high * row_bytes + channel};
      *to++ = interpolated(rows, columns, down.rest, across.rest);
    }
  }
  return to;
}

void thil_resize_bilinear_eval(const void* opaque) {
  const resize_state* state = opaque;
  const int8_t* image = state->input;
  int8_t* to = state->output;
  for (int32_t batch = 0; batch < state->batches; batch++) {
    for (int32_t y = 0; y < state->y.out; y++) {
      to = bilinear_row(state, image, y, to);
    }
    image += state->y.in * state->x.in * state->channels;
  }
}
