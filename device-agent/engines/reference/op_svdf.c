/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SVDF: a fully connected layer over the last steps of its features, int8 with an int16 state, as LiteRT has
 * it, or with an int8 state, as only TFLM has it. Nakkiran et al., "Compressing Deep Neural Networks using a
 * Rank-Constrained Topology", Interspeech 2015.
 */
#include "bytes.h"
#include "op.h"
#include "variables.h"

enum { OPT_RANK };
enum { IN_INPUT, IN_FEATURES, IN_TIME, IN_BIAS, IN_STATE };

typedef struct svdf_state {
  const int8_t* input;
  const int8_t* features; /* filters * inputs */
  const uint8_t* time;    /* filters * memory, of the state's type */
  const uint8_t* bias;    /* NULL: none */
  uint8_t* state;         /* batches * filters * memory, the newest last */
  int8_t* output;
  uint32_t batches, inputs, filters, memory, rank;
  int32_t input_zero, state_zero, output_zero;
  thil_factor feature_factor, time_factor;
  bool is_wide; /* int16 */
} svdf_state;

static bool is_matrix(const thil_tensor* tensor, uint32_t rows, uint32_t columns) {
  return tensor && tensor->rank == 2 && tensor->dims[0] == rows && tensor->dims[1] == columns;
}

static thil_engine_status check_types(const thil_op_load* load) {
  const thil_tensor* time = load->in[IN_TIME];
  const thil_tensor* kept = load->in[IN_STATE];
  thil_engine_status status = thil_op_want_int8_pair(load);
  if (!status) {
    status = thil_op_want(load, "feature weights", load->in[IN_FEATURES], THIL_WANT_WEIGHTS);
  }
  if (status) {
    return status;
  }
  if (!time || !kept || kept->keeps != THIL_KEEPS_STATE || !time->constant || time->type != kept->type ||
      (time->type != THIL_TYPE_INT8 && time->type != THIL_TYPE_INT16) || time->scale_count != 1 ||
      kept->scale_count != 1 || load->in[IN_FEATURES]->scale_count != 1) {
    return thil_op_refuse(load, "time weights", "or state are of another type");
  }
  const thil_tensor* bias = load->in[IN_BIAS];
  return bias ? thil_op_want(load, "bias", bias, THIL_WANT_INT32 | THIL_WANT_CONSTANT) : THIL_ENGINE_OK;
}

static thil_engine_status check_shapes(const thil_op_load* load, int32_t rank) {
  const thil_tensor* in = load->in[IN_INPUT];
  const thil_tensor* bias = load->in[IN_BIAS];
  uint32_t filters = load->in[IN_FEATURES]->dims[0];
  uint32_t memory = load->in[IN_TIME]->dims[1];
  if (rank < 1 || filters % (uint32_t)rank != 0 || in->rank != 2 ||
      !is_matrix(load->in[IN_FEATURES], filters, in->dims[1]) ||
      !is_matrix(load->in[IN_TIME], filters, memory) ||
      !is_matrix(load->in[IN_STATE], in->dims[0], filters * memory) ||
      !is_matrix(load->out, in->dims[0], filters / (uint32_t)rank) ||
      (bias && thil_tensor_elements(bias) != load->out->dims[1])) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  return THIL_ENGINE_OK;
}

static bool make_factors(const thil_op_load* load, svdf_state* made) {
  float kept = thil_tensor_scale(load->in[IN_STATE], 0);
  float feature =
      thil_tensor_scale(load->in[IN_INPUT], 0) * thil_tensor_scale(load->in[IN_FEATURES], 0) / kept;
  float time = kept * thil_tensor_scale(load->in[IN_TIME], 0) / thil_tensor_scale(load->out, 0);
  return thil_factor_make((double)feature, &made->feature_factor) &&
         thil_factor_make((double)time, &made->time_factor);
}

static void take_tensors(const thil_op_load* load, svdf_state* made) {
  made->input = thil_tensor_values(load->in[IN_INPUT]);
  made->features = thil_tensor_values(load->in[IN_FEATURES]);
  made->time = load->in[IN_TIME]->constant;
  made->bias = load->in[IN_BIAS] ? load->in[IN_BIAS]->constant : NULL;
  made->state = load->in[IN_STATE]->data;
  made->output = (int8_t*)load->out->data;
  made->batches = load->in[IN_INPUT]->dims[0];
  made->inputs = load->in[IN_INPUT]->dims[1];
  made->filters = load->in[IN_FEATURES]->dims[0];
  made->memory = load->in[IN_TIME]->dims[1];
  made->input_zero = load->in[IN_INPUT]->zero_point;
  made->state_zero = load->in[IN_STATE]->zero_point;
  made->output_zero = load->out->zero_point;
  made->is_wide = load->in[IN_STATE]->type == THIL_TYPE_INT16;
}

thil_engine_status thil_svdf_prepare(thil_op_load* load, void** state) {
  int32_t rank = thil_fb_i32(load->fb, &load->options, OPT_RANK, 0);
  thil_engine_status status = check_types(load);
  if (!status) {
    status = check_shapes(load, rank);
  }
  if (status) {
    return status;
  }
  svdf_state made = {.rank = (uint32_t)rank};
  take_tensors(load, &made);
  if (!make_factors(load, &made)) {
    return thil_op_refuse(load, "scales", "are too far apart");
  }
  if (made.is_wide && made.state_zero != 0) {
    return thil_op_refuse(load, "state", "is not symmetric");
  }
  load->work = (uint64_t)made.batches * made.filters * ((uint64_t)made.inputs + 2 * (uint64_t)made.memory);
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

/* Element i of int16 or int8 values. */
static int32_t element(const svdf_state* of, const uint8_t* values, uint32_t i) {
  return of->is_wide ? (int16_t)thil_bytes_u16(values + 2 * i) : (int8_t)values[i];
}

/* The feature of the newest step. */
static int32_t feature_of(const svdf_state* of, const int8_t* input, uint32_t filter) {
  const int8_t* weights = of->features + filter * of->inputs;
  const thil_range range =
      of->is_wide ? (thil_range){INT16_MIN, INT16_MAX} : (thil_range){INT8_MIN, INT8_MAX};
  uint32_t sum = 0;
  for (uint32_t i = 0; i < of->inputs; i++) {
    sum += (uint32_t)(weights[i] * (input[i] - of->input_zero));
  }
  int32_t scaled = thil_quant_scale((int32_t)sum, of->feature_factor.multiplier, of->feature_factor.shift);
  return of->state_zero + thil_quant_clamp(scaled, range);
}

/* Moves a filter's steps on by one and puts the newest at the end. */
static void push(const svdf_state* of, uint8_t* steps, int32_t newest) {
  const uint32_t width = of->is_wide ? 2 : 1;
  const uint32_t last = (of->memory - 1) * width;
  memmove(steps, steps + width, last);
  steps[last] = (uint8_t)newest;
  if (of->is_wide) {
    steps[last + 1] = (uint8_t)((uint32_t)newest >> 8);
  }
}

static uint32_t over_time(const svdf_state* of, const uint8_t* steps, uint32_t filter) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < of->memory; i++) {
    int32_t weight = element(of, of->time, filter * of->memory + i);
    sum += (uint32_t)weight * (uint32_t)(element(of, steps, i) - of->state_zero);
  }
  return sum;
}

void thil_svdf_eval(const void* opaque) {
  const svdf_state* of = opaque;
  const uint32_t step_bytes = of->memory * (of->is_wide ? 2 : 1);
  const int8_t* input = of->input;
  int8_t* output = of->output;
  uint8_t* steps = of->state;
  for (uint32_t batch = 0; batch < of->batches; batch++) {
    uint32_t sum = 0;
    for (uint32_t filter = 0; filter < of->filters; filter++) {
      const uint32_t unit = filter / of->rank;
      push(of, steps, feature_of(of, input, filter));
      sum = filter % of->rank ? sum : of->bias ? thil_bytes_u32(of->bias + 4 * unit) : 0;
      sum += over_time(of, steps, filter);
      steps += step_bytes;
      if (filter % of->rank == of->rank - 1) {
        int32_t scaled = thil_quant_scale((int32_t)sum, of->time_factor.multiplier, of->time_factor.shift);
        *output++ = (int8_t)thil_quant_clamp(thil_quant_add(scaled, of->output_zero),
                                             (thil_range){INT8_MIN, INT8_MAX});
      }
    }
    input += of->inputs;
  }
}
