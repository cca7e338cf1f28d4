/* SPDX-License-Identifier: Apache-2.0 */
/* READ_VARIABLE and ASSIGN_VARIABLE copy; VAR_HANDLE and CALL_ONCE were done while loading (variables.h). */
#include "op.h"
#include "variables.h"

#include <string.h>

typedef struct variable_state {
  const uint8_t* from;
  uint8_t* to;
  uint32_t bytes;
} variable_state;

static thil_engine_status check(const thil_op_load* load, const thil_tensor* value) {
  const thil_tensor* variable = load->in[0];
  if (!variable || variable->keeps != THIL_KEEPS_VARIABLE || !value || value->bytes == 0) {
    return thil_op_refuse(load, "variable", "is none");
  }
  if (variable->type != value->type || !thil_tensor_same_shape(variable, value)) {
    return thil_op_refuse(load, "variable", "has values of several shapes");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_read_variable_prepare(thil_op_load* load, void** state) {
  thil_engine_status status = check(load, load->out);
  if (status) {
    return status;
  }
  const variable_state made = {load->in[0]->data, load->out->data, load->out->bytes};
  load->work = made.bytes;
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

thil_engine_status thil_assign_variable_prepare(thil_op_load* load, void** state) {
  const thil_tensor* value = load->in[1];
  thil_engine_status status = check(load, value);
  if (status) {
    return status;
  }
  const variable_state made = {(const uint8_t*)thil_tensor_values(value), load->in[0]->data, value->bytes};
  load->work = made.bytes;
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

static void copy(const variable_state* state) { memcpy(state->to, state->from, state->bytes); }

void thil_read_variable_eval(const void* state) { copy(state); }

void thil_assign_variable_eval(const void* state) { copy(state); }

static thil_engine_status prepare_nothing(const thil_op_load* load, void** state) {
  *state = thil_arena_take(load->arena, 1);
  return THIL_ENGINE_OK;
}

thil_engine_status thil_var_handle_prepare(thil_op_load* load, void** state) {
  return load->out->bytes != 0 || load->out->type == THIL_TYPE_RESOURCE
             ? prepare_nothing(load, state)
             : thil_op_refuse(load, "output", "is no RESOURCE");
}

thil_engine_status thil_call_once_prepare(thil_op_load* load, void** state) {
  return prepare_nothing(load, state);
}

void thil_var_handle_eval(const void* state) { (void)state; }

void thil_call_once_eval(const void* state) { (void)state; }
