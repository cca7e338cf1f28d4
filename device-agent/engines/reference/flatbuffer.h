/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flatbuffer.h: a bounded reader of a FlatBuffers image it does not trust.
 *
 * Every read is checked against the image. What does not fit sets `broken`, which stays set, and reads
 * as absent or as the default; so a caller may read a whole table and look at `broken` once. An absent
 * table has pos 0, an absent vector count 0. Nothing here loops, allocates or needs alignment.
 *
 * Format: https://flatbuffers.dev/internals/
 */
#ifndef THIL_REFERENCE_FLATBUFFER_H
#define THIL_REFERENCE_FLATBUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct thil_fb {
  const uint8_t* bytes;
  uint32_t size;
  bool broken;
} thil_fb;

typedef struct thil_fb_table {
  uint32_t pos;
  uint32_t vtable;
  uint16_t vtable_bytes;
  uint16_t bytes;
} thil_fb_table;

typedef struct thil_fb_vector {
  uint32_t pos; /* of element 0 */
  uint32_t count;
} thil_fb_vector;

/* The root table of an image that carries the four-character file identifier. */
thil_fb_table thil_fb_root(thil_fb* fb, const char* identifier);

uint8_t thil_fb_u8(thil_fb* fb, const thil_fb_table* table, uint32_t field, uint8_t absent);
int32_t thil_fb_i32(thil_fb* fb, const thil_fb_table* table, uint32_t field, int32_t absent);
uint32_t thil_fb_u32(thil_fb* fb, const thil_fb_table* table, uint32_t field, uint32_t absent);
float thil_fb_f32(thil_fb* fb, const thil_fb_table* table, uint32_t field, float absent);
bool thil_fb_has(thil_fb* fb, const thil_fb_table* table, uint32_t field);

thil_fb_table thil_fb_child(thil_fb* fb, const thil_fb_table* table, uint32_t field);

/* The vector in a field; all count * element_bytes bytes of it are inside the image. */
thil_fb_vector thil_fb_list(thil_fb* fb, const thil_fb_table* table, uint32_t field, uint32_t element_bytes);

/* Element `index` of a vector of tables (read by thil_fb_list with 4 bytes an element). */
thil_fb_table thil_fb_entry(thil_fb* fb, const thil_fb_vector* list, uint32_t index);

/* Element `index` of a vector of int32; `absent` past its end. */
int32_t thil_fb_at_i32(const thil_fb* fb, const thil_fb_vector* list, uint32_t index, int32_t absent);

#endif
