/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output.h: an inference's output in the form that the host asked for (thil_result_form).
 */
#ifndef THIL_OUTPUT_H
#define THIL_OUTPUT_H

#include "command.h"

enum {
  THIL_ROW_HEAD = 9, /* status, clock, timer */
  THIL_OUTPUT_MAX = THIL_MTU_MAX - 8 - THIL_ROW_HEAD,
};

/* True when it is asked for as a whole and fits no frame: its row has a digest, and its bytes follow. */
bool thil_output_in_parts(const thil_model* model, const thil_run* run);

/* Bytes that thil_output_put appends; top_k is of a model with one output. */
uint32_t thil_output_size(const thil_model* model, const thil_run* run);

/* The output's bytes from `at` on, as far as they lie in one piece; they stay there until the next inference.
   None at the end. */
thil_bytes thil_output_from(const thil_model* model, uint32_t at);

/* The whole output to a writer; without one, its SHA-256. */
void thil_output_gather(const thil_model* model, thil_writer* to, thil_digest* digest);

void thil_output_put(thil_writer* row, const thil_model* model, const thil_run* run);

#endif
