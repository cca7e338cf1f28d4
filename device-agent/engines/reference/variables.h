/* SPDX-License-Identifier: Apache-2.0 */
/*
 * variables.h: what a model remembers from one inference to the next: variable tensors, which begin as zeros,
 * and variables by name (VAR_HANDLE), which CALL_ONCE's subgraph sets to constants. The subgraph is not run:
 * loading reads from it what each variable begins with.
 */
#ifndef THIL_REFERENCE_VARIABLES_H
#define THIL_REFERENCE_VARIABLES_H

#include "graph.h"

/* What a tensor of the graph keeps. */
enum { THIL_KEEPS_NOTHING, THIL_KEEPS_STATE, THIL_KEEPS_VARIABLE };

/* Marks the tensors that keep their values, gives each name one storage, and finds its initial value. */
thil_engine_status thil_variables_bind(const thil_graph_view* view, thil_tensor* tensors,
                                       thil_engine_report* report);

/* Bytes of variables at most, before there are tensors to bind. */
uint64_t thil_variables_bound(const thil_graph_view* view);

#endif
