/* SPDX-License-Identifier: Apache-2.0 */
/*
 * op.h: what an operator file writes. `prepare` runs while the model loads: it checks everything it was
 * given, takes its state from the arena and fills it. `eval` runs at invoke and can no longer fail.
 */
#ifndef THIL_REFERENCE_OP_H
#define THIL_REFERENCE_OP_H

#include "arena.h"
#include "quant.h"
#include "tensor.h"

enum { THIL_OP_INPUTS_MAX = 24, THIL_OP_OUTPUTS_MAX = 16 };

/* BUILTIN_ADD, ...: codes of the schema. */
enum {
#define THIL_BUILTIN(name) BUILTIN_##name,
#include "builtin.def"
#undef THIL_BUILTIN
};

/* No stride or dilation is larger: with THIL_DIM_MAX it keeps window arithmetic in 32 bits. */
enum { THIL_OP_STEP_MAX = 1024 };

/* Where LiteRT's reference kernels and TFLM's differ, a build has the one or, with THIL_KERNELS_TFLM, the
 * other. */
#ifdef THIL_KERNELS_TFLM
enum { THIL_KERNELS_OF_TFLM = 1 };
#else
enum { THIL_KERNELS_OF_TFLM = 0 };
#endif

/* Inner-loop steps one invoke may take: about a minute on a 100 MHz Cortex-M4. */
#ifndef THIL_REFERENCE_WORK_MAX
#define THIL_REFERENCE_WORK_MAX ((uint64_t)1 << 30)
#endif

/* One node while the model loads. */
typedef struct thil_op_load {
  thil_fb* fb;
  thil_fb_table options;                     /* absent reads as the schema's defaults */
  const thil_tensor* in[THIL_OP_INPUTS_MAX]; /* NULL: not given */
  const thil_tensor* out;                    /* outs[0]; NULL for an operator that has none */
  const thil_tensor* outs[THIL_OP_OUTPUTS_MAX];
  thil_arena* arena;
  thil_engine_report* report;
  uint64_t work; /* out: steps of the inner loop one eval takes */
  uint32_t code;
  uint32_t node;
  uint32_t in_count, out_count; /* as the node lists them */
} thil_op_load;

/* Sets *state to a piece of the arena. When the arena is used up *state is NULL and the status OK: the caller
   goes on, to learn how large it should have been. */
typedef thil_engine_status (*thil_op_prepare)(thil_op_load* load, void** state);
typedef void (*thil_op_eval)(const void* state);

typedef struct thil_op_kind {
  thil_op_prepare prepare;
  thil_op_eval eval;
  uint8_t code;
  uint8_t options_type;
  uint8_t inputs_max;
  uint8_t outputs_max;
} thil_op_kind;

/* NULL when this engine does not run the operator. */
const thil_op_kind* thil_op_find(uint32_t code);

/* UNSUPPORTED; report.detail becomes "operator <NAME> (node <n>): <what> <why>". */
thil_engine_status thil_op_refuse(const thil_op_load* load, const char* what, const char* why);

/* What a tensor must be. */
enum {
  THIL_WANT_INT8 = 1,     /* int8 with one scale */
  THIL_WANT_INT32 = 2,    /* int32 */
  THIL_WANT_CONSTANT = 4, /* in the image */
  THIL_WANT_RANK_4 = 8,   /* NHWC */
  THIL_WANT_WEIGHTS = 16, /* int8, symmetric, in the image, one scale or one a channel */
};

/* OK, or a refusal that calls the tensor `what`. */
thil_engine_status thil_op_want(const thil_op_load* load, const char* what, const thil_tensor* tensor,
                                unsigned wants);

/* Input 0 and the output are int8 with one scale each. */
thil_engine_status thil_op_want_int8_pair(const thil_op_load* load);

/* Takes a piece of the arena for `bytes` of state and copies `made` there; NULL without room. */
void* thil_op_keep(const thil_op_load* load, const void* made, uint32_t bytes);

/* Values of a constant int32 tensor of `count` elements. False for any other tensor. */
bool thil_op_integers(const thil_tensor* tensor, uint32_t count, int32_t* values);

/* Dimension `axis` of a tensor with so many; negative: from the last. False when there is none such. */
bool thil_op_axis(int32_t axis, uint32_t rank, uint32_t* index);

/* The fused activation in `field` of the options, in the output's quantisation. */
thil_engine_status thil_op_activation(const thil_op_load* load, uint32_t field, thil_range* range);

#define THIL_OP(name, options, prefix, inputs, outputs)                         \
  thil_engine_status thil_##prefix##_prepare(thil_op_load* load, void** state); \
  void thil_##prefix##_eval(const void* state);
#include "ops.def"
#undef THIL_OP

#endif
