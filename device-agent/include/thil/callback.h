/* SPDX-License-Identifier: Apache-2.0 */
/*
 * callback.h: what you fill in to put a model that is compiled into the firmware (TFLM, CMSIS-NN, vendor
 * code, your own C) behind engine.h. Define one `const thil_callback_model thil_callback`, link this folder's
 * library, and the agent runs your code. example.c is a complete one. It has one input and one output; a
 * model with more is an engine of its own (engine.h).
 */
#ifndef THIL_CALLBACK_H
#define THIL_CALLBACK_H

#include "engine.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thil_callback_model {
  thil_tensor_info input; /* every field; unused dims are 1, bytes is their product times the element size */
  thil_tensor_info output;
  uint8_t* input_values; /* input.bytes, written by the agent before every invoke, aligned for the dtype */
  const uint8_t* output_values;  /* output.bytes, read by the agent after every invoke that returned true */
  bool (*invoke)(void* context); /* runs once; false is reported as INVOKE_FAILED. It may block, but not for
                                    ever: the host's deadline then finds a hung device, not a slow one */
  void* context;                 /* handed to invoke, not looked at */
} thil_callback_model;

/* Yours to define; read only. */
extern const thil_callback_model thil_callback;

#ifdef __cplusplus
}
#endif
#endif
