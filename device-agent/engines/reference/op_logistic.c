/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LOGISTIC, TANH and ELU: int8, by a table made at load from float32 arithmetic, as in LiteRT; exp itself is
 * computed in double precision and rounded once, so that no libm is needed.
 */
#include "real.h"
#include "table.h"

static double logistic(double x) {
  const double limit = 88; /* beyond it the float32 result is 0 or 1 */
  double bounded = x < -limit ? -limit : x > limit ? limit : x;
  return (double)(1.0f / (1.0f + (float)thil_real_exp(-bounded)));
}

static double hyperbolic_tangent(double x) {
  double power = thil_real_exp(x < 0 ? 2 * x : -2 * x);
  double size = (1 - power) / (1 + power);
  return x < 0 ? -size : size;
}

static double exponential_linear(double x) { return x < 0 ? thil_real_exp(x) - 1 : x; }

thil_engine_status thil_logistic_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = thil_table_want_output(load, 256, -128);
  return status ? status : thil_table_make_real(load, logistic, state);
}

thil_engine_status thil_tanh_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = thil_table_want_output(load, 128, 0);
  return status ? status : thil_table_make_real(load, hyperbolic_tangent, state);
}

thil_engine_status thil_elu_prepare(thil_op_load* load, void** state) {
  return thil_table_make_real(load, exponential_linear, state);
}

void thil_logistic_eval(const void* state) { thil_table_run(state); }

void thil_tanh_eval(const void* state) { thil_table_run(state); }

void thil_elu_eval(const void* state) { thil_table_run(state); }
