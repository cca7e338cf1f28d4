/* SPDX-License-Identifier: Apache-2.0 */
#include "plan.h"

#include "arena.h"

/* Tensors a plan places: what has storage of its own in the arena. */
static bool is_placed(const thil_tensor* tensors, uint32_t index) {
  return !tensors[index].constant && tensors[index].root == index && tensors[index].produced;
}

static uint64_t extent(const thil_tensor* tensor) { return thil_arena_align(tensor->bytes); }

/* Fills order with the placed tensors, the largest first; insertion keeps equal sizes in graph order. */
static uint32_t sort_by_size(const thil_tensor* tensors, uint16_t* order, uint32_t count) {
  uint32_t sorted = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!is_placed(tensors, i)) {
      continue;
    }
    uint32_t at = sorted++;
    while (at > 0 && tensors[order[at - 1]].bytes < tensors[i].bytes) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = (uint16_t)i;
  }
  return sorted;
}

static bool live_together(const thil_tensor* a, const thil_tensor* b) {
  return a->first <= b->last && b->first <= a->last;
}

/* The lowest gap among the tensors already placed, which order[0 .. placed) lists by offset. */
static uint64_t lowest_gap(const thil_tensor* tensors, const uint16_t* order, uint32_t placed,
                           const thil_tensor* tensor) {
  uint64_t offset = 0;
  for (uint32_t i = 0; i < placed; i++) {
    const thil_tensor* other = &tensors[order[i]];
    if (!live_together(tensor, other)) {
      continue;
    }
    if (other->offset >= offset + extent(tensor)) {
      break;
    }
    uint64_t end = other->offset + extent(other);
    offset = end > offset ? end : offset;
  }
  return offset;
}

/* Moves the entry at `placed` down to its place by offset among those before it. */
static void insert_by_offset(const thil_tensor* tensors, uint16_t* order, uint32_t placed) {
  uint16_t index = order[placed];
  while (placed > 0 && tensors[order[placed - 1]].offset > tensors[index].offset) {
    order[placed] = order[placed - 1];
    placed--;
  }
  order[placed] = index;
}

uint64_t thil_plan_make(thil_tensor* tensors, uint16_t* order, uint32_t count) {
  uint64_t region = 0;
  uint32_t sorted = sort_by_size(tensors, order, count);
  for (uint32_t i = 0; i < sorted; i++) {
    thil_tensor* tensor = &tensors[order[i]];
    uint64_t offset = lowest_gap(tensors, order, i, tensor);
    uint64_t end = offset + extent(tensor);
    if (end > UINT32_MAX) {
      return end; /* larger than any arena: no use to go on */
    }
    tensor->offset = (uint32_t)offset;
    region = end > region ? end : region;
    insert_by_offset(tensors, order, i);
  }
  return region;
}
