/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_engine.h: an engine for tests, told what to do by the model image. The image is
 *
 *   0  'F'
 *   1  thil_engine_status that a load ends with, or FAKE_CRASH
 *   2  u16 input bytes, int8
 *   4  u16 output bytes, int8
 *   6  u8 bias
 *   7  thil_dtype; may be missing or 0: the output is the input then, of this dtype
 *   8  u8 number of inputs, u8 number of outputs, among which the bytes are divided equally, the last one
 * taking what is left; may be missing: one of each
 *
 * Without a dtype output[i] = sum of the input + bias + i; the input is overwritten as a real engine may do.
 * What an input begins with may end its invoke otherwise: fake_first_byte.
 */
#ifndef THIL_FAKE_ENGINE_H
#define THIL_FAKE_ENGINE_H

#include "thil/engine.h"

enum { FAKE_IMAGE_SIZE = 7, FAKE_COUNTS = 8 };

enum fake_first_byte {
  FAKE_OVERFLOW = 0xEB, /* calls itself until the stack is full */
  FAKE_CRASH = 0xEC,    /* executes an undefined instruction */
  FAKE_HANG = 0xED,     /* never returns */
  FAKE_POISON = 0xEE,   /* THIL_ENGINE_INVOKE_FAILED */
};

#ifdef __cplusplus
extern "C" {
#endif

/* Makes thil_engine_loads_models() answer false, as an engine with a model compiled in does: 4 bytes in, 2
 * out. */
void fake_engine_fix_model(bool fixed);

/* What a bad board would add to every computed output. */
void fake_engine_add_to_outputs(uint8_t bias);

/* How many layers an inference has from now on, and what is called in each; 0 and NULL at first: it cannot
 * tell. */
void fake_engine_tell_layers(uint32_t count, void (*callback)(void));

/* How often a model was reset so far. */
uint32_t fake_engine_resets(void);

/* Called inside every invoke; NULL for nothing. */
void fake_engine_on_invoke(void (*callback)(void));

#ifdef __cplusplus
}
#endif
#endif
