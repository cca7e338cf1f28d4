/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph.h: the graph of a .tflite image (schema v3): its first subgraph, up to THIL_TENSORS_MAX inputs and
 * outputs, nodes in an order in which they can run. Other subgraphs only initialise (variables.h). Reads
 * only; what it finds goes to storage of the caller.
 */
#ifndef THIL_REFERENCE_GRAPH_H
#define THIL_REFERENCE_GRAPH_H

#include "op.h"

/* Caps that keep loading a hostile image short; real microcontroller models stay far below. */
enum { THIL_GRAPH_TENSORS_MAX = 1024, THIL_GRAPH_NODES_MAX = 512 };

/* A node's operator and its tensors, whose indices are in range. */
typedef struct thil_node {
  const thil_op_kind* kind;
  thil_fb_table options;
  thil_fb_vector inputs, outputs;
  uint32_t code;
  uint32_t index; /* among the graph's nodes */
} thil_node;

/* The index of an input's tensor; -1: not given. */
int32_t thil_node_input(const thil_graph_view* view, const thil_node* node, uint32_t at);

/* Moves a view, whose model is open, to another subgraph. */
thil_engine_status thil_graph_subgraph(thil_graph_view* view, uint32_t index, thil_engine_report* report);

/* Opens the image at its first subgraph. */
thil_engine_status thil_graph_model(thil_graph_view* view, thil_engine_report* report);

/* As many inputs and outputs as engine.h can describe. */
thil_engine_status thil_graph_counts(const thil_graph_view* view, thil_engine_report* report);

/* Opens the image and checks that every operator is one the engine runs. */
thil_engine_status thil_graph_open(thil_graph_view* view, thil_engine_report* report);

/* Node `index` of an opened graph. Its inputs and outputs are set whatever comes of it, then not checked. */
thil_engine_status thil_graph_node(const thil_graph_view* view, uint32_t index, thil_node* node,
                                   thil_engine_report* report);

/* Which tensor entry `at` of the graph's inputs or outputs is; beyond all of them when there is no such
 * entry. */
uint32_t thil_graph_index(const thil_graph_view* view, const thil_fb_vector* list, uint32_t at);

/* Reads a tensor; the report says which one cannot be had, and why. */
thil_engine_status thil_graph_tensor(const thil_graph_view* view, uint32_t index, thil_tensor* tensor,
                                     thil_engine_report* report);

/* Refusals that are about no operator. Both write `text` to report.detail. */
thil_engine_status thil_graph_malformed(thil_engine_report* report, const char* text);
thil_engine_status thil_graph_unsupported(thil_engine_report* report, const char* text);

#endif
