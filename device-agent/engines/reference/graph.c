/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"

#include "detail.h"

enum { MODEL_VERSION, MODEL_CODES, MODEL_SUBGRAPHS, MODEL_BUFFERS = 4 };
enum { SUBGRAPH_TENSORS, SUBGRAPH_INPUTS, SUBGRAPH_OUTPUTS, SUBGRAPH_OPERATORS };
enum { CODE_DEPRECATED, CODE_CUSTOM, CODE_BUILTIN = 3 };
enum { NODE_CODE, NODE_INPUTS, NODE_OUTPUTS, NODE_OPTIONS_TYPE, NODE_OPTIONS };
enum { BUILTIN_CUSTOM = 32, BUILTIN_RESHAPE = 22 };
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

static thil_engine_status read_links(const thil_graph_view* view, const thil_fb_table* table, thil_node* node,
                                     thil_engine_report* report) {
  thil_fb* fb = view->fb;
  thil_fb_vector inputs = thil_fb_list(fb, table, NODE_INPUTS, 4);
  thil_fb_vector outputs = thil_fb_list(fb, table, NODE_OUTPUTS, 4);
  const int32_t count = (int32_t)view->tensors.count;
  if (fb->broken || outputs.count != 1 || inputs.count > THIL_OP_INPUTS_MAX) {
    return thil_graph_malformed(report, "a node with other than 1..3 inputs, 1 output");
  }
  node->out = thil_fb_at_i32(fb, &outputs, 0, -1);
  for (uint32_t i = 0; i < THIL_OP_INPUTS_MAX; i++) {
    node->in[i] = thil_fb_at_i32(fb, &inputs, i, -1);
    if (node->in[i] < -1 || node->in[i] >= count) {
      return thil_graph_malformed(report, "a node's input is no tensor");
    }
  }
  if (node->out < 0 || node->out >= count) {
    return thil_graph_malformed(report, "a node's output is no tensor");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_graph_node(const thil_graph_view* view, uint32_t index, thil_node* node,
                                   thil_engine_report* report) {
  thil_fb_table table = thil_fb_entry(view->fb, &view->operators, index);
  thil_engine_status status = read_kind(view, &table, node, report);
  if (status == THIL_ENGINE_UNSUPPORTED) {
    thil_detail_text(report, " (subgraph 0, node ");
    thil_detail_number(report, index);
    thil_detail_text(report, ")");
  }
  if (status) {
    return status;
  }
  status = read_links(view, &table, node, report);
  uint8_t type = thil_fb_u8(view->fb, &table, NODE_OPTIONS_TYPE, 0);
  node->options = thil_fb_child(view->fb, &table, NODE_OPTIONS);
  if (!status &&
      (view->fb->broken || (node->kind->options_type && type && type != node->kind->options_type))) {
    status = thil_graph_malformed(report, "a node with another operator's options");
  }
  return status;
}

static thil_engine_status open_subgraph(thil_graph_view* view, thil_engine_report* report) {
  thil_fb* fb = view->fb;
  thil_fb_table model = thil_fb_root(fb, "TFL3");
  uint32_t version = thil_fb_u32(fb, &model, MODEL_VERSION, 0);
  thil_fb_vector subgraphs = thil_fb_list(fb, &model, MODEL_SUBGRAPHS, 4);
  view->codes = thil_fb_list(fb, &model, MODEL_CODES, 4);
  view->buffers = thil_fb_list(fb, &model, MODEL_BUFFERS, 4);
  if (fb->broken) {
    return thil_graph_malformed(report, "not a .tflite flatbuffer, or a truncated one");
  }
  if (version != SCHEMA_VERSION) {
    return thil_graph_unsupported(report, "schema version other than 3");
  }
  if (subgraphs.count != 1) {
    return thil_graph_unsupported(report, "other than one subgraph");
  }
  thil_fb_table graph = thil_fb_entry(fb, &subgraphs, 0);
  view->tensors = thil_fb_list(fb, &graph, SUBGRAPH_TENSORS, 4);
  view->inputs = thil_fb_list(fb, &graph, SUBGRAPH_INPUTS, 4);
  view->outputs = thil_fb_list(fb, &graph, SUBGRAPH_OUTPUTS, 4);
  view->operators = thil_fb_list(fb, &graph, SUBGRAPH_OPERATORS, 4);
  return fb->broken ? thil_graph_malformed(report, "subgraph 0 is outside the image") : THIL_ENGINE_OK;
}

static bool is_count(uint32_t tensors) { return tensors >= 1 && tensors <= THIL_TENSORS_MAX; }

thil_engine_status thil_graph_open(thil_graph_view* view, thil_engine_report* report) {
  thil_engine_status status = open_subgraph(view, report);
  if (!status &&
      (view->tensors.count > THIL_GRAPH_TENSORS_MAX || view->operators.count > THIL_GRAPH_NODES_MAX)) {
    status = thil_graph_unsupported(report, "more than 1024 tensors or 512 nodes");
  }
  for (uint32_t i = 0; !status && i < view->operators.count; i++) {
    thil_node node;
    status = thil_graph_node(view, i, &node, report);
  }
  if (!status && !(is_count(view->inputs.count) && is_count(view->outputs.count))) {
    status = thil_graph_unsupported(report, "inputs ");
    thil_detail_number(report, view->inputs.count);
    thil_detail_text(report, ", outputs ");
    thil_detail_number(report, view->outputs.count);
    thil_detail_text(report, "; 1 to 8 of each can be had");
  }
  return status;
}

static thil_engine_status read_all(const thil_graph_view* view, thil_tensor* tensors,
                                   thil_engine_report* report) {
  for (uint32_t i = 0; i < view->tensors.count; i++) {
    const char* why;
    thil_engine_status status = thil_tensor_read(view, i, &tensors[i], &why);
    if (status) {
      thil_detail_clear(report);
      thil_detail_text(report, "tensor ");
      thil_detail_number(report, i);
      thil_detail_text(report, " has ");
      thil_detail_text(report, why);
      return status;
    }
  }
  return THIL_ENGINE_OK;
}

/* A value is used at `node`: whatever stores it lives at least that long. */
static void use(thil_tensor* tensors, uint32_t index, uint32_t node) {
  thil_tensor* root = &tensors[tensors[index].root];
  root->last = (uint16_t)node;
}

static thil_engine_status link_node(thil_tensor* tensors, const thil_node* node, uint32_t at,
                                    thil_engine_report* report) {
  for (uint32_t i = 0; i < THIL_OP_INPUTS_MAX; i++) {
    if (node->in[i] < 0) {
      continue;
    }
    const thil_tensor* input = &tensors[node->in[i]];
    if (!input->constant && !input->produced) {
      return thil_graph_malformed(report, "a node reads a value before it is made");
    }
    use(tensors, (uint32_t)node->in[i], at);
  }
  thil_tensor* out = &tensors[node->out];
  if (out->constant || out->produced) {
    return thil_graph_malformed(report, "a tensor is written twice, or is constant");
  }
  out->produced = true;
  out->first = out->last = (uint16_t)at;
  if (node->code == BUILTIN_RESHAPE && node->in[0] >= 0 && !tensors[node->in[0]].constant) {
    out->root = tensors[node->in[0]].root;
  } else if (node->code == BUILTIN_RESHAPE && node->in[0] >= 0) {
    out->constant = tensors[node->in[0]].constant;
  }
  return THIL_ENGINE_OK;
}

/* An input that two of the list name would be written twice. */
static thil_engine_status open_inputs(const thil_graph_view* view, thil_tensor* tensors,
                                      thil_engine_report* report) {
  for (uint32_t i = 0; i < view->inputs.count; i++) {
    uint32_t input = thil_graph_index(view, &view->inputs, i);
    if (input >= view->tensors.count || tensors[input].constant || tensors[input].produced) {
      return thil_graph_malformed(report, "an input is no tensor, or there twice");
    }
    tensors[input].produced = true;
  }
  return THIL_ENGINE_OK;
}

static thil_engine_status use_outputs(const thil_graph_view* view, thil_tensor* tensors,
                                      thil_engine_report* report) {
  for (uint32_t i = 0; i < view->outputs.count; i++) {
    uint32_t output = thil_graph_index(view, &view->outputs, i);
    if (output >= view->tensors.count || !tensors[output].produced) {
      return thil_graph_malformed(report, "no node makes an output");
    }
    use(tensors, output, view->operators.count);
  }
  return THIL_ENGINE_OK;
}

uint32_t thil_graph_index(const thil_graph_view* view, const thil_fb_vector* list, uint32_t at) {
  return (uint32_t)thil_fb_at_i32(view->fb, list, at, -1);
}

thil_engine_status thil_graph_tensors(const thil_graph_view* view, thil_tensor* tensors,
                                      thil_engine_report* report) {
  thil_engine_status status = read_all(view, tensors, report);
  if (status) {
    return status;
  }
  status = open_inputs(view, tensors, report);
  if (status) {
    return status;
  }
  for (uint32_t i = 0; i < view->operators.count; i++) {
    thil_node node;
    status = thil_graph_node(view, i, &node, report);
    if (!status) {
      status = link_node(tensors, &node, i, report);
    }
    if (status) {
      return status;
    }
  }
  return use_outputs(view, tensors, report);
}
