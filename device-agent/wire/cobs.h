/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cobs.h: COBS blocks, written into a line of limited size. `size` counts on past the end of the line, so
 * that one look at the end tells whether it fitted. COBS that begins at `at` of a line begins as {line,
 * capacity, at + 1, at}: one open block.
 */
#ifndef THIL_COBS_H
#define THIL_COBS_H

#include "thil/wire.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { THIL_COBS_RUN_MAX = 254 }; /* bytes in the longest block */

typedef struct thil_cobs {
  uint8_t* line;
  size_t capacity;
  size_t size;
  size_t code_at; /* where the open block's length goes */
} thil_cobs;

void thil_cobs_put(thil_cobs* to, const uint8_t* bytes, size_t size);

/* Writes the open block's length. */
void thil_cobs_close(thil_cobs* to);

#ifdef __cplusplus
}
#endif
#endif
