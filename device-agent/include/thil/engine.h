/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.h: what the agent needs from an inference engine. One engine is linked into an image; the
 * folder engines/<name>/ holds it. The agent never sees an operator or a weight.
 *
 * Ownership: the agent owns every byte. A model image and an arena are lent to thil_engine_load and
 * stay lent, unmoved, until thil_engine_load is called again with the same arena. The engine keeps
 * all state of a loaded model inside that arena, so two models in two arenas are both resident.
 *
 * No function here allocates, blocks, or touches the port. An engine that has something to say calls
 * thil_agent_log (agent.h); it must not print on the agent's line.
 */
#ifndef THIL_ENGINE_H
#define THIL_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  THIL_TENSOR_MAX_RANK = 4,
  THIL_TENSORS_MAX = 8, /* inputs of a model, and outputs; an engine refuses more as UNSUPPORTED */
};

typedef enum thil_tensor_role { THIL_INPUT = 0, THIL_OUTPUT = 1 } thil_tensor_role;

typedef enum thil_dtype {
  THIL_DTYPE_INT8 = 1,
  THIL_DTYPE_UINT8 = 2,
  THIL_DTYPE_INT16 = 3,
  THIL_DTYPE_INT32 = 4,
  THIL_DTYPE_FLOAT32 = 5,
} thil_dtype;

/* Bytes of one element; 0 when this is no thil_dtype. */
static inline uint32_t thil_dtype_size(uint8_t dtype) {
  switch (dtype) {
    case THIL_DTYPE_INT8:
    case THIL_DTYPE_UINT8:
      return 1;
    case THIL_DTYPE_INT16:
      return 2;
    case THIL_DTYPE_INT32:
    case THIL_DTYPE_FLOAT32:
      return 4;
    default:
      return 0;
  }
}

/* One input or output as the outside sees it: row-major, `bytes` long, real = scale * (q - zero_point).
   scale is 0 for a tensor that is not quantised. Unused dims are 1. All but `bytes` goes over the wire as it
   lies here (cursor.h). */
typedef struct thil_tensor_info {
  uint8_t dtype; /* thil_dtype */
  uint8_t rank;
  uint32_t dims[THIL_TENSOR_MAX_RANK];
  float scale;
  int32_t zero_point;
  uint32_t bytes;
} thil_tensor_info;

typedef enum thil_engine_status {
  THIL_ENGINE_OK = 0,
  THIL_ENGINE_MALFORMED,   /* the model image is truncated or breaks its own format */
  THIL_ENGINE_UNSUPPORTED, /* well formed, but this engine cannot run it; report.detail names the operator */
  THIL_ENGINE_ARENA_TOO_SMALL, /* report.arena_needed bytes would do */
  THIL_ENGINE_INVOKE_FAILED,
  THIL_ENGINE_LOAD_FAILED, /* the engine cannot tell why: a bad image, an operator, the arena; report.detail
                            */
} thil_engine_status;

/* Why a load ended as it did. `detail` is a NUL-terminated sentence fragment for a person, for example
   "operator TRANSPOSE_CONV (subgraph 0, node 3)"; empty on success. */
typedef struct thil_engine_report {
  uint32_t arena_needed; /* bytes of arena this model uses, when OK or ARENA_TOO_SMALL; 0: not known */
  char detail[64];
} thil_engine_report;

/* What an engine is lent to load a model. */
typedef struct thil_engine_memory {
  const uint8_t* image; /* 4-byte aligned, at least; NULL for a model that is compiled in */
  size_t image_size;
  uint8_t* arena; /* 16-byte aligned */
  size_t arena_size;
} thil_engine_memory;

/* A loaded model. Defined by the engine, stored inside the arena, never freed. */
typedef struct thil_engine_model thil_engine_model;

/* "reference", "callback", "tflm", ... */
const char* thil_engine_name(void);

/* True when thil_engine_load reads the image it is given; false for an engine whose model is compiled
   into the firmware (then image may be NULL, size 0, and the agent refuses pushed models). */
bool thil_engine_loads_models(void);

/* True when thil_engine_load checks an image completely and never trusts it. False for an engine that a
   malformed image may crash, such as TFLM: the host then warns, and blames the model for a crash in its load.
 */
bool thil_engine_checks_models(void);

/* Checks the image (thil_engine_checks_models), plans the arena and prepares the model.
   On OK *model is set and image and arena stay lent.
   On any other status the arena's content is undefined and *model is NULL. */
thil_engine_status thil_engine_load(const thil_engine_memory* memory, thil_engine_model** model,
                                    thil_engine_report* report);

/* Describes the model's input or output `index`, in the model's order, and returns where its `bytes` values
   lie: an input is to be written there before, an output to be read there after an invoke. NULL when the
   model has no such tensor; it has at least one input and one output. Place and description stay the same
   until the next load into the arena. The engine may overwrite an input during invoke: the agent writes all
   of them again before every invoke. */
uint8_t* thil_engine_tensor(const thil_engine_model* model, thil_tensor_role role, uint32_t index,
                            thil_tensor_info* to);

/* Puts what the model remembers from one inference to the next back to what it was after the load: variables,
   the state of recurrent layers. The agent calls it before every inference, outside of what is measured, so
   that an output depends on its vector alone. Nothing to do for an engine whose models remember nothing. */
void thil_engine_reset(thil_engine_model* model);

/* Runs the model once. OK or INVOKE_FAILED. Deterministic for equal inputs unless the model is not. */
thil_engine_status thil_engine_invoke(thil_engine_model* model);

/* What an engine calls when a layer has ended. */
typedef void thil_layer_ended(void* context);

/* The same, and calls `ended` with `context` after each layer, in the order in which they run: for inferences
   whose layers are to be told apart. The function is the agent's, reads a clock and returns within some ten
   instructions. What is a layer is the engine's choice, the same in every inference: an operator, mostly. An
   engine without layers calls thil_engine_invoke. */
thil_engine_status thil_engine_invoke_layers(thil_engine_model* model, thil_layer_ended* ended,
                                             void* context);

/* True when thil_engine_invoke_layers calls back. */
bool thil_engine_tells_layers(void);

#ifdef __cplusplus
}
#endif
#endif
