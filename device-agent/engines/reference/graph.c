/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"

#include "detail.h"

enum { MODEL_VERSION, MODEL_CODES, MODEL_SUBGRAPHS, MODEL_BUFFERS = 4 };
enum { SUBGRAPH_TENSORS, SUBGRAPH_INPUTS, SUBGRAPH_OUTPUTS, SUBGRAPH_OPERATORS };
enum { CODE_DEPRECATED, CODE_CUSTOM, CODE_BUILTIN = 3 };
enum { NODE_CODE, NODE_INPUTS, NODE_OUTPUTS, NODE_OPTIONS_TYPE, NODE_OPTIONS };
enum { SCHEMA_VERSION = 3 };

thil_engine_status thil_graph_malformed(thil_engine_report* report, const char* text) {
  thil_detail_clear(report);
  thil_detail_text(report, text);
  return THIL_ENGINE_MALFORMED;
}

thil_engine_status thil_graph_unsupported(thil_engine_report* report, const char* text) {
  thil_graph_malformed(report, text);
  return THIL_ENGINE_UNSUPPORTED;
}

static thil_engine_status refuse_operator(const thil_graph_view* view, const thil_fb_table* entry,
                                          uint32_t code, thil_engine_report* report) {
  thil_detail_clear(report);
  if (code == BUILTIN_CUSTOM) {
    thil_fb_vector name = thil_fb_list(view->fb, entry, CODE_CUSTOM, 1);
    thil_detail_text(report, "custom operator ");
    thil_detail_untrusted(report, view->fb->bytes + name.pos, name.count < 28 ? name.count : 28);
  } else {
    thil_detail_text(report, "operator ");
    thil_detail_builtin(report, code);
  }
  return THIL_ENGINE_UNSUPPORTED;
}

static thil_engine_status read_kind(const thil_graph_view* view, const thil_fb_table* table, thil_node* node,
                                    thil_engine_report* report) {
  thil_fb* fb = view->fb;
  uint32_t index = thil_fb_u32(fb, table, NODE_CODE, 0);
  thil_fb_table entry = thil_fb_entry(fb, &view->codes, index);
  uint32_t deprecated = thil_fb_u8(fb, &entry, CODE_DEPRECATED, 0);
  uint32_t builtin = thil_fb_u32(fb, &entry, CODE_BUILTIN, 0);
  if (fb->broken) {
    return thil_graph_malformed(report, "an operator outside the image");
  }
  node->code = builtin > deprecated ? builtin : deprecated;
  node->kind = thil_op_find(node->code);
  return node->kind ? THIL_ENGINE_OK : refuse_operator(view, &entry, node->code, report);
}

/* All are indices of tensors; from -1: one may be not given. */
static bool are_tensors(const thil_graph_view* view, const thil_fb_vector* list, int32_t from) {
  for (uint32_t i = 0; i < list->count; i++) {
    int32_t index = thil_fb_at_i32(view->fb, list, i, -1);
    if (index < from || index >= (int32_t)view->tensors.count) {
      return false;
    }
  }
  return true;
}

static thil_engine_status check_links(const thil_graph_view* view, const thil_node* node,
                                      thil_engine_report* report) {
  const thil_op_kind* kind = node->kind;
  uint32_t outputs_min = kind->outputs_max ? 1 : 0;
  if (view->fb->broken || node->inputs.count > kind->inputs_max || node->outputs.count < outputs_min ||
      node->outputs.count > kind->outputs_max) {
    thil_graph_unsupported(report, "a node with ");
    thil_detail_number(report, node->inputs.count);
    thil_detail_text(report, " inputs and ");
    thil_detail_number(report, node->outputs.count);
    thil_detail_text(report, " outputs");
    return view->fb->broken ? THIL_ENGINE_MALFORMED : THIL_ENGINE_UNSUPPORTED;
  }
  if (!are_tensors(view, &node->inputs, -1)) {
    return thil_graph_malformed(report, "a node's input is no tensor");
  }
  if (!are_tensors(view, &node->outputs, 0)) {
    return thil_graph_malformed(report, "a node's output is no tensor");
  }
  return THIL_ENGINE_OK;
}

int32_t thil_node_input(const thil_graph_view* view, const thil_node* node, uint32_t at) {
  return thil_fb_at_i32(view->fb, &node->inputs, at, -1);
}

thil_engine_status thil_graph_node(const thil_graph_view* view, uint32_t index, thil_node* node,
                                   thil_engine_report* report) {
  thil_fb_table table = thil_fb_entry(view->fb, &view->operators, index);
  node->index = index;
  node->inputs = thil_fb_list(view->fb, &table, NODE_INPUTS, 4);
  node->outputs = thil_fb_list(view->fb, &table, NODE_OUTPUTS, 4);
  thil_engine_status status = read_kind(view, &table, node, report);
  if (status == THIL_ENGINE_UNSUPPORTED) {
    thil_detail_text(report, " (subgraph ");
    thil_detail_number(report, view->index);
    thil_detail_text(report, ", node ");
    thil_detail_number(report, index);
    thil_detail_text(report, ")");
  }
  if (status) {
    return status;
  }
  status = check_links(view, node, report);
  uint8_t type = thil_fb_u8(view->fb, &table, NODE_OPTIONS_TYPE, 0);
  node->options = thil_fb_child(view->fb, &table, NODE_OPTIONS);
  if (!status &&
      (view->fb->broken || (node->kind->options_type && type && type != node->kind->options_type))) {
    status = thil_graph_malformed(report, "a node with another operator's options");
  }
  return status;
}

static thil_engine_status open_image(thil_graph_view* view, thil_engine_report* report) {
  thil_fb* fb = view->fb;
  thil_fb_table model = thil_fb_root(fb, "TFL3");
  uint32_t version = thil_fb_u32(fb, &model, MODEL_VERSION, 0);
  view->subgraphs = thil_fb_list(fb, &model, MODEL_SUBGRAPHS, 4);
  view->codes = thil_fb_list(fb, &model, MODEL_CODES, 4);
  view->buffers = thil_fb_list(fb, &model, MODEL_BUFFERS, 4);
  if (fb->broken) {
    return thil_graph_malformed(report, "not a .tflite flatbuffer, or a truncated one");
  }
  if (version != SCHEMA_VERSION) {
    return thil_graph_unsupported(report, "schema version other than 3");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_graph_subgraph(thil_graph_view* view, uint32_t index, thil_engine_report* report) {
  thil_fb* fb = view->fb;
  thil_fb_table graph = thil_fb_entry(fb, &view->subgraphs, index);
  view->index = index;
  view->tensors = thil_fb_list(fb, &graph, SUBGRAPH_TENSORS, 4);
  view->inputs = thil_fb_list(fb, &graph, SUBGRAPH_INPUTS, 4);
  view->outputs = thil_fb_list(fb, &graph, SUBGRAPH_OUTPUTS, 4);
  view->operators = thil_fb_list(fb, &graph, SUBGRAPH_OPERATORS, 4);
  if (fb->broken) {
    thil_graph_malformed(report, "outside the image: subgraph ");
    thil_detail_number(report, index);
    return THIL_ENGINE_MALFORMED;
  }
  if (view->tensors.count > THIL_GRAPH_TENSORS_MAX || view->operators.count > THIL_GRAPH_NODES_MAX) {
    return thil_graph_unsupported(report, "more than 1024 tensors or 512 nodes");
  }
  return THIL_ENGINE_OK;
}

static bool is_count(uint32_t tensors) { return tensors >= 1 && tensors <= THIL_TENSORS_MAX; }

thil_engine_status thil_graph_model(thil_graph_view* view, thil_engine_report* report) {
  thil_engine_status status = open_image(view, report);
  return status ? status : thil_graph_subgraph(view, 0, report);
}

thil_engine_status thil_graph_counts(const thil_graph_view* view, thil_engine_report* report) {
  if (is_count(view->inputs.count) && is_count(view->outputs.count)) {
    return THIL_ENGINE_OK;
  }
  thil_graph_unsupported(report, "inputs ");
  thil_detail_number(report, view->inputs.count);
  thil_detail_text(report, ", outputs ");
  thil_detail_number(report, view->outputs.count);
  thil_detail_text(report, "; 1 to 8 of each can be had");
  return THIL_ENGINE_UNSUPPORTED;
}

thil_engine_status thil_graph_open(thil_graph_view* view, thil_engine_report* report) {
  thil_engine_status status = thil_graph_model(view, report);
  for (uint32_t i = 0; !status && i < view->operators.count; i++) {
    thil_node node;
    status = thil_graph_node(view, i, &node, report);
  }
  return status ? status : thil_graph_counts(view, report);
}

thil_engine_status thil_graph_tensor(const thil_graph_view* view, uint32_t index, thil_tensor* tensor,
                                     thil_engine_report* report) {
  const char* why;
  thil_engine_status status = thil_tensor_read(view, index, tensor, &why);
  if (status) {
    thil_detail_clear(report);
    thil_detail_text(report, "tensor ");
    thil_detail_number(report, index);
    thil_detail_text(report, " has ");
    thil_detail_text(report, why);
  }
  return status;
}

uint32_t thil_graph_index(const thil_graph_view* view, const thil_fb_vector* list, uint32_t at) {
  return (uint32_t)thil_fb_at_i32(view->fb, list, at, -1);
}
