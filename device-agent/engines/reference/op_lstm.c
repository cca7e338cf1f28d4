/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UNIDIRECTIONAL_SEQUENCE_LSTM: int8 with an int16 cell, without peepholes, projection, layer normalisation
 * or coupled gates, in the arithmetic of LiteRT. TFLM looks its activations up in a table and differs by some
 * steps.
 */
#include "bytes.h"
#include "fixed16.h"
#include "op.h"
#include "variables.h"

enum { OPT_ACTIVATION, OPT_CELL_CLIP, OPT_PROJECTION_CLIP, OPT_TIME_MAJOR, OPT_DIAGONAL = 5 };
enum {
  IN_WEIGHTS = 1,
  IN_RECURRENT = 5,
  IN_PEEPHOLES = 9,
  IN_BIASES = 12,
  IN_PROJECTION = 16,
  IN_HIDDEN = 18
};
enum { IN_CELL = 19, IN_NORMS = 20, IN_END = 24 };
enum { GATE_INPUT, GATE_FORGET, GATE_CELL, GATE_OUTPUT, GATES };
enum { ACTIVATION_TANH = 4 };

typedef struct lstm_gate {
  const int8_t* weights; /* cells * inputs */
  const int8_t* recurrent;
  const uint8_t* bias; /* NULL: none */
  thil_factor factor, recurrent_factor;
} lstm_gate;

typedef struct lstm_state {
  lstm_gate gates[GATES];
  const int8_t* input;
  int8_t* output;
  int8_t* hidden;
  int16_t* cell;
  int16_t* scratch; /* GATES * cells */
  uint32_t batches, steps, inputs, cells;
  bool time_major;
  int32_t input_zero, hidden_zero;
  int32_t cell_exponent; /* its scale is 2^cell_exponent */
  int32_t cell_clip;     /* 0: none */
  thil_factor hidden_factor;
} lstm_state;

static bool is_absent(const thil_op_load* load, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++) {
    if (load->in[i]) {
      return false;
    }
  }
  return true;
}

static thil_engine_status want_matrix(const thil_op_load* load, uint32_t index, uint32_t rows,
                                      uint32_t columns) {
  const thil_tensor* tensor = load->in[index];
  thil_engine_status status = thil_op_want(load, "weights", tensor, THIL_WANT_WEIGHTS);
  if (status) {
    return status;
  }
  bool fits = tensor->rank == 2 && tensor->dims[0] == rows && tensor->dims[1] == columns;
  return fits && tensor->scale_count == 1 ? THIL_ENGINE_OK : thil_op_refuse(load, "weights", "do not fit");
}

static thil_engine_status check_gates(const thil_op_load* load, const lstm_state* made) {
  thil_engine_status status = THIL_ENGINE_OK;
  for (uint32_t gate = 0; !status && gate < GATES; gate++) {
    const thil_tensor* bias = load->in[IN_BIASES + gate];
    status = want_matrix(load, IN_WEIGHTS + gate, made->cells, made->inputs);
    if (!status) {
      status = want_matrix(load, IN_RECURRENT + gate, made->cells, made->cells);
    }
    if (!status && bias) {
      status = thil_op_want(load, "bias", bias, THIL_WANT_INT32 | THIL_WANT_CONSTANT);
    }
    if (!status && bias && thil_tensor_elements(bias) != made->cells) {
      status = thil_op_refuse(load, "bias", "has another length");
    }
  }
  return status;
}

static bool is_kept(const thil_tensor* tensor, uint8_t type, uint32_t elements) {
  return tensor && tensor->keeps == THIL_KEEPS_STATE && tensor->type == type && tensor->scale_count == 1 &&
         thil_tensor_elements(tensor) == elements;
}

static thil_engine_status check_variant(const thil_op_load* load) {
  if (THIL_KERNELS_OF_TFLM) {
    return thil_op_refuse(load, "activations", "are not TFLM's");
  }
  if (!is_absent(load, IN_PEEPHOLES, IN_BIASES) || !is_absent(load, IN_PROJECTION, IN_HIDDEN) ||
      !is_absent(load, IN_NORMS, IN_END) || thil_fb_u8(load->fb, &load->options, OPT_DIAGONAL, 0)) {
    return thil_op_refuse(load, "peepholes", ", projection, norms or diagonals");
  }
  if (thil_fb_u8(load->fb, &load->options, OPT_ACTIVATION, 0) != ACTIVATION_TANH) {
    return thil_op_refuse(load, "activation", "is not TANH");
  }
  return thil_op_want_int8_pair(load);
}

static thil_engine_status check_shapes(const thil_op_load* load, const lstm_state* made) {
  const uint32_t kept = made->batches * made->cells;
  if (!is_kept(load->in[IN_HIDDEN], THIL_TYPE_INT8, kept) ||
      !is_kept(load->in[IN_CELL], THIL_TYPE_INT16, kept)) {
    return thil_op_refuse(load, "state", "does not fit");
  }
  if (load->in[0]->rank != 3 || load->out->rank != 3 || load->out->bytes != made->steps * kept) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  return check_gates(load, made);
}

static bool make_factors(const thil_op_load* load, lstm_state* made) {
  const float gate_steps = 4096; /* a gate's sum is Q3.12 */
  float input = thil_tensor_scale(load->in[0], 0), hidden = thil_tensor_scale(load->in[IN_HIDDEN], 0);
  bool good = thil_factor_make(1.0 / 32768 / 32768 / (double)hidden, &made->hidden_factor);
  for (uint32_t i = 0; i < GATES; i++) {
    lstm_gate* gate = &made->gates[i];
    float weights = thil_tensor_scale(load->in[IN_WEIGHTS + i], 0);
    float recurrent = thil_tensor_scale(load->in[IN_RECURRENT + i], 0);
    good = good && thil_factor_make((double)(input * weights * gate_steps), &gate->factor) &&
           thil_factor_make((double)(hidden * recurrent * gate_steps), &gate->recurrent_factor);
    gate->weights = thil_tensor_values(load->in[IN_WEIGHTS + i]);
    gate->recurrent = thil_tensor_values(load->in[IN_RECURRENT + i]);
    gate->bias = load->in[IN_BIASES + i] ? load->in[IN_BIASES + i]->constant : NULL;
  }
  return good;
}

/* The cell's scale is a power of two that leaves 0 to 6 integer bits. */
static bool make_cell(const thil_op_load* load, lstm_state* made) {
  float scale = thil_tensor_scale(load->in[IN_CELL], 0);
  double clip = (double)thil_fb_f32(load->fb, &load->options, OPT_CELL_CLIP, 0.0f) / (double)scale;
  float power = 1.0f / 32768;
  made->cell_exponent = -15;
  while (made->cell_exponent < -9 && power != scale) {
    power *= 2;
    made->cell_exponent++;
  }
  made->cell_clip = clip >= 1 ? (int32_t)(clip < INT16_MAX ? clip : INT16_MAX) : 0;
  return power == scale && clip >= 0;
}

static void take_sizes(const thil_op_load* load, lstm_state* made) {
  const thil_tensor* in = load->in[0];
  made->time_major = thil_fb_u8(load->fb, &load->options, OPT_TIME_MAJOR, 0) != 0;
  made->batches = in->dims[made->time_major ? 1 : 0];
  made->steps = in->dims[made->time_major ? 0 : 1];
  made->inputs = in->dims[2];
  made->cells = load->out->dims[2];
  made->input_zero = in->zero_point;
}

thil_engine_status thil_lstm_prepare(thil_op_load* load, void** state) {
  lstm_state made = {0};
  thil_engine_status status = check_variant(load);
  if (!status) {
    take_sizes(load, &made);
    status = check_shapes(load, &made);
  }
  if (status) {
    return status;
  }
  if (!make_factors(load, &made) || !make_cell(load, &made)) {
    return thil_op_refuse(load, "scales", "are unusable");
  }
  made.input = thil_tensor_values(load->in[0]);
  made.output = (int8_t*)load->out->data;
  made.hidden = (int8_t*)load->in[IN_HIDDEN]->data;
  made.hidden_zero = load->in[IN_HIDDEN]->zero_point;
  made.cell = (int16_t*)(void*)load->in[IN_CELL]->data;
  made.scratch = thil_arena_take(load->arena, (uint64_t)GATES * made.cells * sizeof *made.scratch);
  load->work = (uint64_t)load->out->bytes * GATES * (made.inputs + made.cells + 64);
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

static int32_t bounded(int32_t value) { return thil_quant_clamp(value, (thil_range){INT16_MIN, INT16_MAX}); }

static uint32_t dot(const int8_t* weights, const int8_t* values, uint32_t count, int32_t zero) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < count; i++) {
    sum += (uint32_t)(weights[i] * (values[i] - zero));
  }
  return sum;
}

/* What a step starts from. */
typedef struct lstm_step {
  const int8_t* input;
  const int8_t* hidden;
} lstm_step;

/* What one cell's gate adds up to, Q3.12. */
static int16_t gate_sum(const lstm_state* of, const lstm_gate* gate, const lstm_step* from, uint32_t cell) {
  uint32_t sum = gate->bias ? thil_bytes_u32(gate->bias + 4 * cell) : 0;
  sum += dot(gate->weights + cell * of->inputs, from->input, of->inputs, of->input_zero);
  int32_t scaled = bounded(thil_quant_scale((int32_t)sum, gate->factor.multiplier, gate->factor.shift));
  sum = dot(gate->recurrent + cell * of->cells, from->hidden, of->cells, of->hidden_zero);
  int32_t again =
      thil_quant_scale((int32_t)sum, gate->recurrent_factor.multiplier, gate->recurrent_factor.shift);
  return (int16_t)bounded(thil_quant_add(again, scaled));
}

static void fill_gates(const lstm_state* of, const lstm_step* from) {
  for (uint32_t i = 0; i < GATES; i++) {
    int16_t* values = of->scratch + i * of->cells;
    for (uint32_t cell = 0; cell < of->cells; cell++) {
      int16_t sum = gate_sum(of, &of->gates[i], from, cell);
      values[cell] = i == GATE_CELL ? thil_fixed16_tanh(sum, 3) : thil_fixed16_logistic(sum);
    }
  }
}

static void step(const lstm_state* of, const int8_t* input, int8_t* hidden, int16_t* cells) {
  const thil_range clip = {of->cell_clip ? -of->cell_clip : INT16_MIN,
                           of->cell_clip ? of->cell_clip : INT16_MAX};
  const lstm_step from = {input, hidden};
  fill_gates(of, &from);
  for (uint32_t i = 0; i < of->cells; i++) {
    const int16_t* gate = of->scratch + i;
    int32_t kept = (int16_t)thil_quant_shift_right(gate[GATE_FORGET * of->cells] * cells[i], 15);
    int32_t added =
        (int16_t)thil_quant_shift_right(gate[0] * gate[GATE_CELL * of->cells], 30 + of->cell_exponent);
    cells[i] = (int16_t)thil_quant_clamp(bounded(kept + added), clip);
    int32_t value = gate[GATE_OUTPUT * of->cells] * thil_fixed16_tanh(cells[i], 15 + of->cell_exponent);
    value = thil_quant_scale(value, of->hidden_factor.multiplier, of->hidden_factor.shift);
    hidden[i] =
        (int8_t)thil_quant_clamp(thil_quant_add(value, of->hidden_zero), (thil_range){INT8_MIN, INT8_MAX});
  }
}

void thil_lstm_eval(const void* opaque) {
  const lstm_state* of = opaque;
  for (uint32_t batch = 0; batch < of->batches; batch++) {
    int8_t* hidden = of->hidden + batch * of->cells;
    for (uint32_t i = 0; i < of->steps; i++) {
      uint32_t row = of->time_major ? i * of->batches + batch : batch * of->steps + i;
      step(of, of->input + row * of->inputs, hidden, of->cell + batch * of->cells);
      memcpy(of->output + row * of->cells, hidden, of->cells);
    }
  }
}
