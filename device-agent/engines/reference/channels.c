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

int32_t thil_channels_dot(const int8_t* input, const int8_t* weights, int32_t count, int32_t input_offset) {
  uint32_t sum = 0; /* wraps, where LiteRT's int32 would overflow */
  for (int32_t i = 0; i < count; i++) {
    sum += (uint32_t)((input[i] + input_offset) * weights[i]);
  }
  return (int32_t)sum;
}
