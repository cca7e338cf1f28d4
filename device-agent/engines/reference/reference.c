/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.h for .tflite images. Loading compiles the graph: afterwards a model is a list of (function, state)
 * pairs whose states hold the pointers they work on, and the graph's tensors are forgotten. The arena is
 *
 *   header, steps | tensors while loading, then activations and what is kept | list of what is kept, operator
 * states
 */
#include "reference.h"
#include "detail.h"
#include "links.h"
#include "plan.h"
#include "variables.h"

#include <string.h>

typedef struct step {
  thil_op_eval eval;
  const void* state;
} step;

/* An input or output of the model. */
typedef struct end {
  thil_tensor_info info;
  uint8_t* data; /* of a constant output in the image, which nobody writes */
} end;

/* What the model keeps from one inference to the next, and what it begins as. */
typedef struct kept_value {
  uint8_t* at;
  const uint8_t* initial; /* NULL: `fill` in every byte */
  uint32_t bytes;
  uint8_t fill;
} kept_value;

struct thil_engine_model {
  step* steps;
  kept_value* kept;
  uint16_t kept_count;
  uint16_t step_count;
  uint8_t input_count;
  uint8_t end_count;
  end ends[]; /* inputs, then outputs */
};

/* A load in progress. */
typedef struct loading {
  thil_fb fb;
  thil_graph_view view;
  thil_arena arena;
  thil_engine_report* report;
  thil_engine_model* model;
  thil_tensor* tensors;
  uint64_t work;
} loading;

/* Bytes no operator's state exceeds, its channel tables apart. */
enum { STATE_BYTES_MAX = 512 };

/* What would surely do when the arena cannot even hold the graph: every activation at once. */
static thil_engine_status refuse_arena_by_bound(loading* load) {
  uint64_t bound = load->arena.used + thil_variables_bound(&load->view);
  for (uint32_t i = 0; i < load->view.tensors.count; i++) {
    thil_tensor tensor;
    const char* why;
    if (thil_tensor_read(&load->view, i, &tensor, &why) == THIL_ENGINE_OK && !tensor.constant) {
      bound += thil_arena_align(tensor.bytes) + sizeof(kept_value);
    }
  }
  for (uint32_t i = 0; i < load->view.operators.count; i++) {
    thil_node node;
    thil_tensor filter;
    const char* why;
    bound += STATE_BYTES_MAX;
    if (thil_graph_node(&load->view, i, &node, load->report) == THIL_ENGINE_OK &&
        thil_node_input(&load->view, &node, 1) >= 0 &&
        thil_tensor_read(&load->view, (uint32_t)thil_node_input(&load->view, &node, 1), &filter, &why) ==
            THIL_ENGINE_OK) {
      uint32_t channels = filter.dims[0] > filter.dims[3] ? filter.dims[0] : filter.dims[3];
      bound += thil_arena_align((uint64_t)channels * (2 * sizeof(int32_t) + sizeof(int8_t)));
    }
  }
  load->report->arena_needed = bound < UINT32_MAX ? (uint32_t)bound : UINT32_MAX;
  return THIL_ENGINE_ARENA_TOO_SMALL;
}

/* Takes room for the activations where the tensors are now, and points every tensor at its place. */
static void place_activations(loading* load, uint64_t graph_start, uint16_t* order) {
  uint32_t count = load->view.tensors.count;
  uint64_t region = thil_plan_make(load->tensors, order, count);
  uint64_t graph_bytes = load->arena.used - graph_start;
  if (region > graph_bytes) {
    thil_arena_take(&load->arena, region - graph_bytes);
  }
  if (load->arena.used > load->arena.size) {
    return; /* no pointer into the region would be valid; the load only goes on to count */
  }
  for (uint32_t i = 0; i < count; i++) {
    thil_tensor* tensor = &load->tensors[i];
    if (!tensor->constant && tensor->produced) {
      tensor->data = load->arena.base + graph_start + load->tensors[tensor->root].offset;
    }
  }
}

/* LiteRT begins variable tensors at their zero point when they are int8, else at zeros. */
static void list_kept(loading* load) {
  thil_engine_model* model = load->model;
  const uint32_t count = load->view.tensors.count;
  model->kept_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    const thil_tensor* tensor = &load->tensors[i];
    model->kept_count = (uint16_t)(model->kept_count + (tensor->keeps && tensor->root == i ? 1 : 0));
  }
  model->kept = thil_arena_take(&load->arena, model->kept_count * sizeof(kept_value));
  kept_value* at = model->kept;
  for (uint32_t i = 0; at && i < count; i++) {
    const thil_tensor* tensor = &load->tensors[i];
    if (tensor->keeps && tensor->root == i) {
      uint8_t fill = tensor->type == THIL_TYPE_INT8 ? (uint8_t)tensor->zero_point : 0;
      *at++ = (kept_value){tensor->data, tensor->initial, tensor->bytes, fill};
    }
  }
}

static thil_engine_status prepare_node(loading* load, uint32_t index) {
  thil_node node;
  thil_engine_status status = thil_graph_node(&load->view, index, &node, load->report);
  if (status) {
    return status;
  }
  thil_op_load op = {.fb = &load->fb, .arena = &load->arena, .report = load->report, .node = index};
  thil_graph_give(&load->view, load->tensors, &node, &op);
  void* state = NULL;
  status = node.kind->prepare(&op, &state);
  if (status) {
    return status;
  }
  if (load->fb.broken) {
    return thil_graph_malformed(load->report, "an operator's options are outside the image");
  }
  load->work += op.work;
  if (load->work > THIL_REFERENCE_WORK_MAX) {
    return thil_op_refuse(&op, "work", "is over the limit");
  }
  load->model->steps[index] = (step){node.kind->eval, state};
  return THIL_ENGINE_OK;
}

/* End `index` of the model, whose inputs come first. */
static thil_engine_status describe_end(loading* load, uint32_t index) {
  bool is_input = index < load->model->input_count;
  const thil_fb_vector* list = is_input ? &load->view.inputs : &load->view.outputs;
  uint32_t at = is_input ? index : index - load->model->input_count;
  const thil_tensor* tensor = &load->tensors[thil_graph_index(&load->view, list, at)];
  end* to = &load->model->ends[index];
  if (!thil_tensor_describe(tensor, &to->info)) {
    thil_graph_unsupported(load->report, is_input ? "input " : "output ");
    thil_detail_number(load->report, at);
    thil_detail_text(load->report, " is ");
    thil_detail_text(load->report, thil_tensor_type_name(tensor->type));
    return THIL_ENGINE_UNSUPPORTED;
  }
  to->data = tensor->constant ? (uint8_t*)(uintptr_t)tensor->constant : tensor->data;
  return THIL_ENGINE_OK;
}

static thil_engine_status finish(loading* load) {
  for (uint32_t i = 0; i < load->model->end_count; i++) {
    thil_engine_status status = describe_end(load, i);
    if (status) {
      return status;
    }
  }
  load->model->step_count = (uint16_t)load->view.operators.count;
  load->report->arena_needed = load->arena.used < UINT32_MAX ? (uint32_t)load->arena.used : UINT32_MAX;
  return load->arena.used <= load->arena.size ? THIL_ENGINE_OK : THIL_ENGINE_ARENA_TOO_SMALL;
}

static thil_engine_status load_graph(loading* load) {
  uint32_t count = load->view.tensors.count;
  uint32_t end_count = load->view.inputs.count + load->view.outputs.count;
  load->model = thil_arena_take(&load->arena, sizeof *load->model + end_count * sizeof(end));
  step* steps = thil_arena_take(&load->arena, load->view.operators.count * sizeof *steps);
  uint64_t graph_start = load->arena.used;
  load->tensors = thil_arena_take(&load->arena, count * sizeof *load->tensors);
  uint16_t* order = thil_arena_take(&load->arena, count * sizeof *order);
  if (!load->model || !steps || !load->tensors || !order) {
    return refuse_arena_by_bound(load);
  }
  load->model->steps = steps;
  load->model->input_count = (uint8_t)load->view.inputs.count;
  load->model->end_count = (uint8_t)end_count;
  thil_engine_status status = thil_graph_tensors(&load->view, load->tensors, load->report);
  if (status) {
    return status;
  }
  place_activations(load, graph_start, order);
  list_kept(load);
  for (uint32_t i = 0; !status && i < load->view.operators.count; i++) {
    status = prepare_node(load, i);
  }
  return status ? status : finish(load);
}

thil_engine_status thil_engine_load(const thil_engine_memory* memory, thil_engine_model** model,
                                    thil_engine_report* report) {
  const thil_image chosen = thil_reference_image((thil_image){memory->image, memory->image_size});
  *model = NULL;
  memset(report, 0, sizeof *report);
  if (!chosen.bytes || chosen.size > INT32_MAX) {
    return thil_graph_malformed(report, "no image, or one over 2 GiB");
  }
  loading load = {.fb = {chosen.bytes, (uint32_t)chosen.size, false}, .report = report};
  load.view.fb = &load.fb;
  load.arena = (thil_arena){memory->arena,
                            memory->arena_size < UINT32_MAX ? (uint32_t)memory->arena_size : UINT32_MAX, 0};
  thil_engine_status status = thil_graph_open(&load.view, report);
  if (!status) {
    status = load_graph(&load);
  }
  if (status == THIL_ENGINE_OK || status == THIL_ENGINE_ARENA_TOO_SMALL) {
    thil_detail_clear(report);
  }
  if (status == THIL_ENGINE_OK) {
    *model = load.model;
    thil_engine_reset(*model);
  }
  return status;
}

void thil_engine_reset(thil_engine_model* model) {
  for (uint32_t i = 0; i < model->kept_count; i++) {
    const kept_value* kept = &model->kept[i];
    if (kept->initial) {
      memcpy(kept->at, kept->initial, kept->bytes);
    } else {
      memset(kept->at, kept->fill, kept->bytes);
    }
  }
}

const char* thil_engine_name(void) { return THIL_KERNELS_OF_TFLM ? "reference-tflm" : "reference"; }

bool thil_engine_checks_models(void) { return true; }

uint8_t* thil_engine_tensor(const thil_engine_model* model, thil_tensor_role role, uint32_t index,
                            thil_tensor_info* to) {
  uint32_t first = role == THIL_INPUT ? 0 : model->input_count;
  uint32_t count = role == THIL_INPUT ? model->input_count : model->end_count - model->input_count;
  if (index >= count) {
    return NULL;
  }
  *to = model->ends[first + index].info;
  return model->ends[first + index].data;
}

thil_engine_status thil_engine_invoke(thil_engine_model* model) {
  for (uint32_t i = 0; i < model->step_count; i++) {
    model->steps[i].eval(model->steps[i].state);
  }
  return THIL_ENGINE_OK;
}

bool thil_engine_tells_layers(void) { return true; }

/* A loop of its own: the other one pays nothing for it. */
thil_engine_status thil_engine_invoke_layers(thil_engine_model* model, thil_layer_ended* ended,
                                             void* context) {
  for (uint32_t i = 0; i < model->step_count; i++) {
    model->steps[i].eval(model->steps[i].state);
    ended(context);
  }
  return THIL_ENGINE_OK;
}
