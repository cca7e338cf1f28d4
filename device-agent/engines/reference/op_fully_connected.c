/* SPDX-License-Identifier: Apache-2.0 */
/* FULLY_CONNECTED: int8, filter [outputs, inputs]; the input is any shape of rows * inputs values. */
#include "channels.h"

enum { OPT_ACTIVATION, OPT_WEIGHTS_FORMAT };

typedef struct fully_connected_state {
  thil_channels channels;
  const int8_t* input;
  int8_t* output;
  int32_t rows, inputs;
  uint32_t outputs;
} fully_connected_state;

static thil_engine_status check_shapes(const thil_op_load* load) {
  const thil_tensor* filter = load->in[1];
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (!status) {
    status = thil_op_want(load, "filter", filter, THIL_WANT_WEIGHTS);
  }
  if (status) {
    return status;
  }
  uint32_t outputs = filter->dims[0];
  uint32_t inputs = filter->dims[1];
  if (filter->rank != 2 || load->in[0]->bytes % inputs != 0 ||
      (uint64_t)load->in[0]->bytes / inputs * outputs != load->out->bytes || load->out->rank == 0 ||
      load->out->dims[load->out->rank - 1] != outputs) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  if (thil_fb_u8(load->fb, &load->options, OPT_WEIGHTS_FORMAT, 0) != 0) {
    return thil_op_refuse(load, "weights format", "is shuffled");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_fully_connected_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = check_shapes(load);
  if (status) {
    return status;
  }
  const thil_tensor* filter = load->in[1];
  thil_channels_plan plan = {filter->dims[0], OPT_ACTIVATION, 0, true};
  fully_connected_state made = {0};
  fully_connected_state* kept = thil_arena_take(load->arena, sizeof made);
  status = thil_channels_make(load, &plan, &made.channels);
  made.input = thil_tensor_values(load->in[0]);
  made.output = (int8_t*)load->out->data;
  made.outputs = filter->dims[0];
  made.inputs = (int32_t)filter->dims[1];
  made.rows = (int32_t)load->in[0]->bytes / made.inputs;
  load->work = (uint64_t)load->out->bytes * filter->dims[1];
  if (kept) {
    *kept = made;
  }
  *state = kept;
  return status;
}

/* LiteRT rounds once here, TFLM as everywhere. */
static int32_t scaled(const thil_channels* channels, uint32_t channel, int32_t sum) {
  const int32_t multiplier = channels->multipliers[channel], shift = channels->shifts[channel];
  return THIL_KERNELS_OF_TFLM ? thil_quant_scale(sum, multiplier, shift)
                              : thil_quant_scale_once(sum, multiplier, shift);
}

void thil_fully_connected_eval(const void* opaque) {
  const fully_connected_state* state = opaque;
  const thil_channels* channels = &state->channels;
  const int8_t* input = state->input;
  int8_t* output = state->output;
  for (int32_t row = 0; row < state->rows; row++) {
    uint32_t channel = 0;
    while (channel < state->outputs) {
      thil_channels_block block;
      uint32_t count = thil_channels_begin(channels, channel, state->outputs, &block);
      thil_channels_add(&block, input, state->inputs, 0);
      for (uint32_t i = 0; i < count; i++) {
        *output++ = thil_channels_bound(channels, scaled(channels, channel, (int32_t)block.sums[i]));
        channel++;
      }
    }
    input += state->inputs;
  }
}
