/* SPDX-License-Identifier: Apache-2.0 */
#include "variables.h"

#include "arena.h"
#include "detail.h"

#include <string.h>

enum { HANDLE_CONTAINER, HANDLE_NAME };
enum { CALL_SUBGRAPH };

static bool same_text(const thil_fb* fb, thil_fb_vector a, thil_fb_vector b) {
  return a.count == b.count && memcmp(fb->bytes + a.pos, fb->bytes + b.pos, a.count) == 0;
}

static bool same_name(thil_fb* fb, const thil_node* a, const thil_node* b) {
  return same_text(fb, thil_fb_list(fb, &a->options, HANDLE_CONTAINER, 1),
                   thil_fb_list(fb, &b->options, HANDLE_CONTAINER, 1)) &&
         same_text(fb, thil_fb_list(fb, &a->options, HANDLE_NAME, 1),
                   thil_fb_list(fb, &b->options, HANDLE_NAME, 1));
}

/* Reads node `at` of a subgraph, which the graph has read before when it is the first one. */
static bool is_node(const thil_graph_view* view, uint32_t at, uint32_t code, thil_node* node) {
  thil_engine_report unread;
  return thil_graph_node(view, at, node, &unread) == THIL_ENGINE_OK && node->code == code;
}

/* The first VAR_HANDLE of the same name; the tensor it makes. Beyond all tensors: there is none. */
static uint32_t handle_named_as(const thil_graph_view* view, const thil_node* named) {
  for (uint32_t i = 0; i < view->operators.count; i++) {
    thil_node node;
    if (is_node(view, i, BUILTIN_VAR_HANDLE, &node) && same_name(view->fb, &node, named)) {
      return thil_graph_index(view, &node.outputs, 0);
    }
  }
  return UINT32_MAX;
}

/* The VAR_HANDLE of a subgraph that makes the tensor. */
static bool maker_of(const thil_graph_view* view, int32_t tensor, thil_node* node) {
  for (uint32_t i = 0; i < view->operators.count; i++) {
    if (is_node(view, i, BUILTIN_VAR_HANDLE, node) &&
        (int32_t)thil_graph_index(view, &node->outputs, 0) == tensor) {
      return true;
    }
  }
  return false;
}

static void bind_handle(const thil_graph_view* view, thil_tensor* tensors, const thil_node* node) {
  thil_tensor* handle = &tensors[thil_graph_index(view, &node->outputs, 0)];
  handle->keeps = THIL_KEEPS_VARIABLE;
  handle->root = (uint16_t)handle_named_as(view, node);
}

/* The variable takes the form of the first value that is read from it or assigned to it. */
static void shape_variable(thil_tensor* variable, const thil_tensor* value) {
  if (variable->keeps != THIL_KEEPS_VARIABLE || variable->bytes != 0) {
    return;
  }
  variable->type = value->type;
  variable->rank = value->rank;
  variable->bytes = value->bytes;
  memcpy(variable->dims, value->dims, sizeof value->dims);
}

static void bind_value(const thil_graph_view* view, thil_tensor* tensors, const thil_node* node) {
  int32_t handle = thil_node_input(view, node, 0);
  bool reads = node->code == BUILTIN_READ_VARIABLE;
  int32_t value = reads ? (int32_t)thil_graph_index(view, &node->outputs, 0) : thil_node_input(view, node, 1);
  if (handle >= 0 && value >= 0) {
    shape_variable(&tensors[tensors[handle].root], &tensors[value]);
  }
}

/* One ASSIGN_VARIABLE of a subgraph that initialises. */
static bool set_initial(const thil_graph_view* main, const thil_graph_view* once, const thil_node* assign,
                        thil_tensor* tensors) {
  thil_node handle;
  thil_tensor value;
  const char* why;
  int32_t index = thil_node_input(once, assign, 1);
  if (index < 0 || !maker_of(once, thil_node_input(once, assign, 0), &handle) ||
      thil_tensor_read(once, (uint32_t)index, &value, &why) != THIL_ENGINE_OK || !value.constant) {
    return false;
  }
  uint32_t at = handle_named_as(main, &handle);
  if (at == UINT32_MAX) {
    return true; /* nobody reads it */
  }
  thil_tensor* variable = &tensors[at];
  shape_variable(variable, &value);
  variable->initial = value.constant;
  return variable->type == value.type && thil_tensor_same_shape(variable, &value);
}

static thil_engine_status call_once(const thil_graph_view* view, const thil_node* call, thil_tensor* tensors,
                                    thil_engine_report* report) {
  thil_graph_view once = *view;
  uint32_t index = thil_fb_u32(view->fb, &call->options, CALL_SUBGRAPH, 0);
  thil_engine_status status = thil_graph_subgraph(&once, index, report);
  for (uint32_t i = 0; !status && i < once.operators.count; i++) {
    thil_node node;
    status = thil_graph_node(&once, i, &node, report);
    if (status || node.code == BUILTIN_VAR_HANDLE) {
      continue;
    }
    if (node.code != BUILTIN_ASSIGN_VARIABLE || !set_initial(view, &once, &node, tensors)) {
      thil_graph_unsupported(report, "CALL_ONCE of more than constants of variables (subgraph ");
      thil_detail_number(report, index);
      thil_detail_text(report, ")");
      return THIL_ENGINE_UNSUPPORTED;
    }
  }
  return status;
}

/* Every handle of a variable shows its form. */
static void form_handles(const thil_graph_view* view, thil_tensor* tensors) {
  for (uint32_t i = 0; i < view->tensors.count; i++) {
    thil_tensor* handle = &tensors[i];
    const thil_tensor* variable = &tensors[handle->root];
    if (handle->keeps == THIL_KEEPS_VARIABLE && handle != variable) {
      handle->type = variable->type;
      handle->rank = variable->rank;
      handle->bytes = variable->bytes;
      memcpy(handle->dims, variable->dims, sizeof handle->dims);
    }
  }
}

/* What is kept lives always. A variable that begins as nothing has no first value to read. */
static thil_engine_status keep_alive(const thil_graph_view* view, thil_tensor* tensors,
                                     thil_engine_report* report) {
  for (uint32_t i = 0; i < view->tensors.count; i++) {
    thil_tensor* tensor = &tensors[i];
    if (tensor->keeps == THIL_KEEPS_NOTHING || tensor->root != i) {
      continue;
    }
    if (tensor->keeps == THIL_KEEPS_VARIABLE && tensor->bytes != 0 && !tensor->initial) {
      thil_graph_unsupported(report, "a variable that no CALL_ONCE sets (tensor ");
      thil_detail_number(report, i);
      thil_detail_text(report, ")");
      return THIL_ENGINE_UNSUPPORTED;
    }
    tensor->first = 0;
    tensor->last = (uint16_t)view->operators.count;
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_variables_bind(const thil_graph_view* view, thil_tensor* tensors,
                                       thil_engine_report* report) {
  thil_node node;
  thil_engine_status status = THIL_ENGINE_OK;
  for (uint32_t i = 0; i < view->operators.count; i++) {
    if (is_node(view, i, BUILTIN_VAR_HANDLE, &node)) {
      bind_handle(view, tensors, &node);
    }
  }
  for (uint32_t i = 0; i < view->operators.count; i++) {
    if (is_node(view, i, BUILTIN_READ_VARIABLE, &node) || is_node(view, i, BUILTIN_ASSIGN_VARIABLE, &node)) {
      bind_value(view, tensors, &node);
    }
  }
  for (uint32_t i = 0; !status && i < view->operators.count; i++) {
    if (is_node(view, i, BUILTIN_CALL_ONCE, &node)) {
      status = call_once(view, &node, tensors, report);
    }
  }
  form_handles(view, tensors);
  return status ? status : keep_alive(view, tensors, report);
}

static uint64_t bytes_of(const thil_graph_view* view, int32_t index) {
  thil_tensor tensor;
  const char* why;
  bool known = index >= 0 && thil_tensor_read(view, (uint32_t)index, &tensor, &why) == THIL_ENGINE_OK;
  return known ? thil_arena_align(tensor.bytes) : 0;
}

uint64_t thil_variables_bound(const thil_graph_view* view) {
  uint64_t bytes = 0;
  thil_node node;
  for (uint32_t i = 0; i < view->operators.count; i++) {
    if (is_node(view, i, BUILTIN_READ_VARIABLE, &node)) {
      bytes += bytes_of(view, (int32_t)thil_graph_index(view, &node.outputs, 0));
    } else if (is_node(view, i, BUILTIN_ASSIGN_VARIABLE, &node)) {
      bytes += bytes_of(view, thil_node_input(view, &node, 1));
    }
  }
  return bytes;
}
