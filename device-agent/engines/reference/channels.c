/* SPDX-License-Identifier: Apache-2.0 */
#include "channels.h"

static thil_engine_status check(const thil_op_load* load, const thil_channels_plan* plan) {
  const thil_tensor* filter = load->in[1];
  const thil_tensor* bias = load->in[2];
  thil_engine_status status = thil_op_want(load, "filter", filter, THIL_WANT_WEIGHTS);
  if (status) {
    return status;
  }
  if (filter->scale_count != 1 &&
      (filter->scale_count != plan->count || filter->quantized_dimension != plan->scale_dimension)) {
    return thil_op_refuse(load, "filter", "scales do not fit");
  }
  if (!bias) {
    return THIL_ENGINE_OK;
  }
  status = thil_op_want(load, "bias", bias, THIL_WANT_INT32 | THIL_WANT_CONSTANT);
  if (!status && thil_tensor_elements(bias) != plan->count) {
    return thil_op_refuse(load, "bias", "has another length");
  }
  return status;
}

static bool factor_of(const thil_op_load* load, const thil_channels_plan* plan, uint32_t channel,
                      thil_factor* factor) {
  float input = thil_tensor_scale(load->in[0], 0);
  float filter = thil_tensor_scale(load->in[1], channel);
  double product = (double)input * (double)filter;
  if (plan->float_product && load->in[1]->scale_count == 1) {
    product = (double)(float)product;
  }
  return thil_factor_make(product / (double)thil_tensor_scale(load->out, 0), factor);
}

thil_engine_status thil_channels_make(const thil_op_load* load, const thil_channels_plan* plan,
                                      thil_channels* channels) {
  thil_engine_status status = check(load, plan);
  if (status) {
    return status;
  }
  status = thil_op_activation(load, plan->activation_field, &channels->range);
  if (status) {
    return status;
  }
  channels->filter = thil_tensor_values(load->in[1]);
  channels->filter_bytes = load->in[1]->bytes / plan->count;
  channels->input_offset = -load->in[0]->zero_point;
  channels->bias = load->in[2] ? load->in[2]->constant : NULL;
  channels->zero_point = load->out->zero_point;
  channels->multipliers = thil_arena_take(load->arena, (uint64_t)plan->count * sizeof *channels->multipliers);
  channels->shifts = thil_arena_take(load->arena, plan->count);
  if (!channels->multipliers || !channels->shifts) {
    return THIL_ENGINE_OK;
  }
  thil_factor factor = {0, 0};
  for (uint32_t i = 0; i < plan->count; i++) {
    bool new_scale = i == 0 || load->in[1]->scale_count > 1;
    if (new_scale && !factor_of(load, plan, i, &factor)) {
      return thil_op_refuse(load, "scales", "are too far apart");
    }
    channels->multipliers[i] = factor.multiplier;
    channels->shifts[i] = (int8_t)factor.shift;
  }
  return THIL_ENGINE_OK;
}

uint32_t thil_channels_begin(const thil_channels* channels, uint32_t first, uint32_t end,
                             thil_channels_block* block) {
  uint32_t count = end - first < THIL_CHANNELS_BLOCK ? end - first : THIL_CHANNELS_BLOCK;
  for (uint32_t i = 0; i < THIL_CHANNELS_BLOCK; i++) {
    uint32_t channel = first + (i < count ? i : count - 1);
    block->weights[i] = channels->filter + channel * channels->filter_bytes;
    block->sums[i] = (uint32_t)thil_channels_bias(channels, channel);
  }
  block->input_offset = channels->input_offset;
  return count;
}

void thil_channels_add(thil_channels_block* block, const int8_t* input, int32_t count, int32_t at) {
  const int8_t* weights_0 = block->weights[0] + at;
  const int8_t* weights_1 = block->weights[1] + at;
  const int8_t* weights_2 = block->weights[2] + at;
  const int8_t* weights_3 = block->weights[3] + at;
  uint32_t sum_0 = block->sums[0], sum_1 = block->sums[1], sum_2 = block->sums[2], sum_3 = block->sums[3];
  const int32_t input_offset = block->input_offset;
  for (int32_t i = 0; i < count; i++) {
    const int32_t value = input[i] + input_offset;
    sum_0 += (uint32_t)(value * weights_0[i]);
    sum_1 += (uint32_t)(value * weights_1[i]);
    sum_2 += (uint32_t)(value * weights_2[i]);
    sum_3 += (uint32_t)(value * weights_3[i]);
  }
  block->sums[0] = sum_0;
  block->sums[1] = sum_1;
  block->sums[2] = sum_2;
  block->sums[3] = sum_3;
}
