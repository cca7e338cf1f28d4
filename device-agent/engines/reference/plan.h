/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h: places the activations of a graph in one region, so that tensors alive at the same time do not
 * overlap. Greedy by size: the largest first, each at the lowest offset that is free while it lives
 * (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", arXiv:2001.03288).
 * At most count^2 steps.
 */
#ifndef THIL_REFERENCE_PLAN_H
#define THIL_REFERENCE_PLAN_H

#include "tensor.h"

/* Sets tensors[i].offset of every activation that is its own root; returns the bytes of the region, at most
   count * 2 GiB. order: scratch for count entries. */
uint64_t thil_plan_make(thil_tensor* tensors, uint16_t* order, uint32_t count);

#endif
