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

/* Bytes that thil_output_put appends. */
uint32_t thil_output_size(const thil_model* model, const thil_run* run);

void thil_output_put(thil_writer* row, const thil_model* model, const thil_run* run);

#endif
