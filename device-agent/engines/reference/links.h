/* SPDX-License-Identifier: Apache-2.0 */
/*
 * links.h: which node makes a tensor, which ones read it, and what of it they are given.
 */
#ifndef THIL_REFERENCE_LINKS_H
#define THIL_REFERENCE_LINKS_H

#include "graph.h"

/* Reads all tensors into tensors[view->tensors.count], checks the order of nodes, sets lifetimes and roots.
   These are its steps, in their order; each node is linked by one of its own. */
thil_engine_status thil_graph_tensors(const thil_graph_view* view, thil_tensor* tensors,
                                      thil_engine_report* report);

thil_engine_status thil_graph_inputs(const thil_graph_view* view, thil_tensor* tensors,
                                     thil_engine_report* report);
thil_engine_status thil_graph_link(const thil_graph_view* view, thil_tensor* tensors, const thil_node* node,
                                   thil_engine_report* report);
thil_engine_status thil_graph_outputs(const thil_graph_view* view, thil_tensor* tensors,
                                      thil_engine_report* report);

/* Hands a node's tensors, options and code to its operator. */
void thil_graph_give(const thil_graph_view* view, const thil_tensor* tensors, const thil_node* node,
                     thil_op_load* op);

#endif
