/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tensor.h: one tensor of the graph, as it is known while a model loads. It does not outlive the load:
 * operators copy what they need into their own state.
 */
#ifndef THIL_REFERENCE_TENSOR_H
#define THIL_REFERENCE_TENSOR_H

#include "flatbuffer.h"
#include "thil/engine.h"

/* TensorType of the .tflite schema, as far as this engine tells them apart. */
enum {
  THIL_TYPE_FLOAT32 = 0,
  THIL_TYPE_INT32 = 2,
  THIL_TYPE_UINT8 = 3,
  THIL_TYPE_INT16 = 7,
  THIL_TYPE_INT8 = 9,
  THIL_TYPE_RESOURCE = 13, /* the name of a variable */
  THIL_TYPE_EMPTY = 255,   /* ours: a tensor with a dimension of 0, which no operator takes */
};

/* No dimension is longer: keeps every index below 32 bits without a check in a kernel. */
enum { THIL_DIM_MAX = 1 << 20 };

/* No tensor has more channels with their own scale: keeps the load of a hostile image short. */
enum { THIL_SCALES_MAX = 4096 };

typedef struct thil_tensor {
  uint8_t* data;           /* in the arena once planned; NULL for a constant */
  const uint8_t* constant; /* in the image; NULL for an activation */
  const uint8_t* initial;  /* of a variable: its first value, in the image; NULL: its zero point */
  const uint8_t* scales;   /* scale_count little-endian float32, unaligned, in the image */
  uint32_t scale_count;    /* 0: not quantised; 1: whole tensor; else one a channel */
  int32_t zero_point;      /* of channel 0 */
  uint32_t dims[THIL_TENSOR_MAX_RANK];
  uint32_t bytes;
  uint32_t offset; /* set by the planner */
  uint16_t first;  /* live from this node ... */
  uint16_t last;   /* ... to this one, both included */
  uint16_t root;   /* the tensor whose storage this one shares: itself, what RESHAPE renames, its variable */
  uint8_t rank;
  uint8_t type;
  uint8_t quantized_dimension;
  uint8_t produced; /* bool: has a value before or by the node being looked at */
  uint8_t keeps;    /* what it remembers from one inference to the next (variables.h) */
} thil_tensor;

/* A .tflite subgraph's vectors, which tensors are read through. */
typedef struct thil_graph_view {
  thil_fb* fb;
  thil_fb_vector subgraphs, codes, buffers; /* of the model */
  thil_fb_vector tensors, operators, inputs, outputs;
  uint32_t index; /* of the subgraph */
} thil_graph_view;

/* Fills *tensor from the image. MALFORMED or UNSUPPORTED with *why, a constant string, otherwise. */
thil_engine_status thil_tensor_read(const thil_graph_view* view, uint32_t index, thil_tensor* tensor,
                                    const char** why);

/* The tensor as engine.h shows it. False for a type that header cannot name. */
bool thil_tensor_describe(const thil_tensor* tensor, thil_tensor_info* info);

uint32_t thil_tensor_elements(const thil_tensor* tensor);

/* Product of dimensions [from, to). */
uint32_t thil_tensor_span(const thil_tensor* tensor, uint32_t from, uint32_t to);

/* One scale each, and the same values for the same numbers; or neither is quantised. */
bool thil_tensor_same_quantisation(const thil_tensor* a, const thil_tensor* b);

bool thil_tensor_same_shape(const thil_tensor* a, const thil_tensor* b);

/* Scale of a channel; `channel` is below scale_count, or any when that is 1. */
float thil_tensor_scale(const thil_tensor* tensor, uint32_t channel);

/* What is read at run time, wherever it lives. */
static inline const int8_t* thil_tensor_values(const thil_tensor* tensor) {
  return (const int8_t*)(tensor->constant ? tensor->constant : tensor->data);
}

/* "FLOAT32" for 0, ...; "an unknown type" for what the schema does not list. */
const char* thil_tensor_type_name(uint8_t type);

#endif
