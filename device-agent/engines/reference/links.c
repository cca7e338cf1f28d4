/* SPDX-License-Identifier: Apache-2.0 */
#include "links.h"

#include "variables.h"

/* A value is used at node number `node`: whatever stores it lives at least that long. */
static void use(thil_tensor* tensors, uint32_t index, uint32_t node) {
  thil_tensor* root = &tensors[tensors[index].root];
  root->last = (uint16_t)node;
}

/* Renames its input: another shape, the same bytes. */
static bool is_rename(uint32_t code) {
  return code == BUILTIN_RESHAPE || code == BUILTIN_EXPAND_DIMS || code == BUILTIN_SQUEEZE;
}

static thil_engine_status link_inputs(const thil_graph_view* view, thil_tensor* tensors,
                                      const thil_node* node, thil_engine_report* report) {
  for (uint32_t i = 0; i < node->inputs.count; i++) {
    int32_t index = thil_node_input(view, node, i);
    if (index < 0) {
      continue;
    }
    if (!tensors[index].constant && !tensors[index].produced) {
      return thil_graph_malformed(report, "a node reads a value before it is made");
    }
    use(tensors, (uint32_t)index, node->index);
  }
  return THIL_ENGINE_OK;
}

static thil_engine_status link_outputs(const thil_graph_view* view, thil_tensor* tensors,
                                       const thil_node* node, thil_engine_report* report) {
  for (uint32_t i = 0; i < node->outputs.count; i++) {
    thil_tensor* out = &tensors[thil_graph_index(view, &node->outputs, i)];
    if (out->constant || out->produced) {
      return thil_graph_malformed(report, "a tensor is written twice, or is constant");
    }
    out->produced = true;
    out->first = out->last = (uint16_t)node->index;
    int32_t renamed = is_rename(node->code) ? thil_node_input(view, node, 0) : -1;
    if (renamed >= 0) {
      out->constant = tensors[renamed].constant;
      out->root = out->constant ? out->root : tensors[renamed].root;
    }
  }
  return THIL_ENGINE_OK;
}

/* An input that two of the list name would be written twice. */
thil_engine_status thil_graph_inputs(const thil_graph_view* view, thil_tensor* tensors,
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

thil_engine_status thil_graph_outputs(const thil_graph_view* view, thil_tensor* tensors,
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

thil_engine_status thil_graph_link(const thil_graph_view* view, thil_tensor* tensors, const thil_node* node,
                                   thil_engine_report* report) {
  thil_engine_status status = link_inputs(view, tensors, node, report);
  return status ? status : link_outputs(view, tensors, node, report);
}

static thil_engine_status link_all(const thil_graph_view* view, thil_tensor* tensors,
                                   thil_engine_report* report) {
  thil_engine_status status = THIL_ENGINE_OK;
  for (uint32_t i = 0; !status && i < view->operators.count; i++) {
    thil_node node;
    status = thil_graph_node(view, i, &node, report);
    if (!status) {
      status = thil_graph_link(view, tensors, &node, report);
    }
  }
  return status;
}

thil_engine_status thil_graph_tensors(const thil_graph_view* view, thil_tensor* tensors,
                                      thil_engine_report* report) {
  thil_engine_status status = THIL_ENGINE_OK;
  for (uint32_t i = 0; !status && i < view->tensors.count; i++) {
    status = thil_graph_tensor(view, i, &tensors[i], report);
  }
  if (!status) {
    status = thil_graph_inputs(view, tensors, report);
  }
  if (!status) {
    status = link_all(view, tensors, report);
  }
  if (!status) {
    status = thil_graph_outputs(view, tensors, report);
  }
  return status ? status : thil_variables_bind(view, tensors, report);
}

void thil_graph_give(const thil_graph_view* view, const thil_tensor* tensors, const thil_node* node,
                     thil_op_load* op) {
  op->options = node->options;
  op->code = node->code;
  op->in_count = node->inputs.count;
  op->out_count = node->outputs.count;
  for (uint32_t i = 0; i < op->in_count; i++) {
    int32_t index = thil_node_input(view, node, i);
    op->in[i] = index >= 0 ? &tensors[index] : NULL;
  }
  for (uint32_t i = 0; i < op->out_count; i++) {
    op->outs[i] = &tensors[thil_graph_index(view, &node->outputs, i)];
  }
  op->out = op->outs[0];
}
