/* SPDX-License-Identifier: Apache-2.0 */
#include "survey.h"

#include <string.h>

#include "../detail.h"
#include "../links.h"
#include "../plan.h"
#include "../variables.h"

/* At least what reference.c takes, also with 64-bit pointers. */
enum { HEADER_BYTES = 64, END_BYTES = 64, STEP_BYTES = 16, KEPT_BYTES = 32 };

typedef struct surveyor {
  thil_fb fb;
  thil_graph_view view;
  thil_tensor* tensors;
  uint8_t* is_odd; /* a tensor that could not be read */
  thil_arena counted;
  thil_survey_note* note;
  void* context;
  thil_engine_report report;
  thil_engine_status status;
} surveyor;

/* The answer is the gravest of all. Returns whether to go on: what is malformed is not looked into. */
static bool note(surveyor* of, uint32_t node, thil_engine_status status) {
  if (status == THIL_ENGINE_OK) {
    return true;
  }
  const thil_survey_finding finding = {node, of->report.detail};
  of->note(of->context, &finding);
  of->status = of->status == THIL_ENGINE_MALFORMED ? of->status : status;
  return status != THIL_ENGINE_MALFORMED;
}

static bool read_tensors(surveyor* of) {
  for (uint32_t i = 0; i < of->view.tensors.count; i++) {
    thil_engine_status status = thil_graph_tensor(&of->view, i, &of->tensors[i], &of->report);
    of->is_odd[i] = status != THIL_ENGINE_OK;
    if (!note(of, THIL_SURVEY_MODEL, status)) {
      return false;
    }
  }
  return true;
}

/* What an operator that is not there would have made, and what could not be read, is taken to be there, so
   that the nodes after it are looked at, too. */
static void pretend(surveyor* of, const thil_fb_vector* list, bool only_odd) {
  for (uint32_t i = 0; i < list->count; i++) {
    uint32_t index = thil_graph_index(&of->view, list, i);
    if (index < of->view.tensors.count && (of->is_odd[index] || !only_odd)) {
      of->tensors[index].produced = true;
    }
  }
}

static bool link_nodes(surveyor* of) {
  for (uint32_t i = 0; i < of->view.operators.count; i++) {
    thil_node node;
    thil_engine_status status = thil_graph_node(&of->view, i, &node, &of->report);
    if (!status) {
      pretend(of, &node.inputs, true);
      status = thil_graph_link(&of->view, of->tensors, &node, &of->report);
    } else {
      pretend(of, &node.outputs, false);
    }
    if (!note(of, i, status)) {
      return false;
    }
  }
  return true;
}

static bool is_readable(const surveyor* of, const thil_fb_vector* list) {
  for (uint32_t i = 0; i < list->count; i++) {
    uint32_t index = thil_graph_index(&of->view, list, i);
    if (index < of->view.tensors.count && of->is_odd[index]) {
      return false; /* said of the tensor */
    }
  }
  return true;
}

static void prepare_node(surveyor* of, const thil_node* node, thil_op_load* op, thil_survey_needs* needs) {
  void* state = NULL;
  thil_engine_status status = node->kind->prepare(op, &state);
  const bool was_within = needs->work <= THIL_REFERENCE_WORK_MAX;
  needs->work += op->work;
  if (!status && was_within && needs->work > THIL_REFERENCE_WORK_MAX) {
    status = thil_op_refuse(op, "work", "is over the limit");
  }
  note(of, op->node, status);
}

static void prepare_nodes(surveyor* of, thil_survey_needs* needs) {
  for (uint32_t i = 0; i < of->view.operators.count; i++) {
    thil_node node;
    thil_engine_report known; /* what is noted of the node already */
    if (thil_graph_node(&of->view, i, &node, &known) != THIL_ENGINE_OK || !is_readable(of, &node.inputs) ||
        !is_readable(of, &node.outputs)) {
      continue;
    }
    thil_op_load op = {.fb = &of->fb, .arena = &of->counted, .report = &of->report};
    thil_graph_give(&of->view, of->tensors, &node, &op);
    op.node = i;
    prepare_node(of, &node, &op, needs);
  }
}

uint64_t thil_survey_scratch(void) {
  return THIL_GRAPH_TENSORS_MAX * (sizeof(thil_tensor) + sizeof(uint16_t) + 1) + 4 * THIL_ARENA_ALIGN;
}

/* What the arena holds beside operator states: header, steps, the graph or the activations, the list of what
 * is kept. */
static uint64_t frame_bytes(const surveyor* of, uint64_t region) {
  const uint32_t count = of->view.tensors.count;
  const uint64_t graph =
      thil_arena_align(count * sizeof(thil_tensor)) + thil_arena_align(count * sizeof(uint16_t));
  const uint64_t ends = of->view.inputs.count + of->view.outputs.count;
  return (region > graph ? region : graph) + thil_arena_align(HEADER_BYTES + ends * END_BYTES) +
         thil_arena_align(of->view.operators.count * STEP_BYTES) + thil_arena_align(count * KEPT_BYTES);
}

static void look_into(surveyor* of, thil_arena* scratch, thil_survey_needs* needs) {
  const uint32_t count = of->view.tensors.count;
  of->tensors = thil_arena_take(scratch, count * sizeof *of->tensors);
  uint16_t* order = thil_arena_take(scratch, count * sizeof *order);
  of->is_odd = thil_arena_take(scratch, count);
  if (!of->tensors || !order || !of->is_odd) {
    of->status = THIL_ENGINE_ARENA_TOO_SMALL;
    return;
  }
  if (!note(of, THIL_SURVEY_MODEL, thil_graph_counts(&of->view, &of->report)) || !read_tensors(of) ||
      !note(of, THIL_SURVEY_MODEL, thil_graph_inputs(&of->view, of->tensors, &of->report)) ||
      !link_nodes(of) ||
      !note(of, THIL_SURVEY_MODEL, thil_graph_outputs(&of->view, of->tensors, &of->report)) ||
      !note(of, THIL_SURVEY_MODEL, thil_variables_bind(&of->view, of->tensors, &of->report))) {
    return;
  }
  of->counted.used = frame_bytes(of, thil_plan_make(of->tensors, order, count));
  prepare_nodes(of, needs);
  needs->arena_bytes = of->counted.used;
}

thil_engine_status thil_survey_model(const thil_engine_memory* memory, thil_survey_note* to, void* context,
                                     thil_survey_needs* needs) {
  surveyor of = {.fb = {memory->image, (uint32_t)memory->image_size, false}, .note = to, .context = context};
  thil_arena scratch = {memory->arena, (uint32_t)memory->arena_size, 0};
  memset(needs, 0, sizeof *needs);
  of.view.fb = &of.fb;
  if (memory->image_size > INT32_MAX) {
    thil_graph_malformed(&of.report, "an image over 2 GiB");
    note(&of, THIL_SURVEY_MODEL, THIL_ENGINE_MALFORMED);
    return of.status;
  }
  if (note(&of, THIL_SURVEY_MODEL, thil_graph_model(&of.view, &of.report))) {
    look_into(&of, &scratch, needs);
  }
  if (of.fb.broken && of.status == THIL_ENGINE_OK) {
    note(&of, THIL_SURVEY_MODEL, thil_graph_malformed(&of.report, "options or names are outside the image"));
  }
  return of.status;
}
