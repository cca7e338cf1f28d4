/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rice.h: blocks of vectors, packed. Each byte is predicted by the one `stride` bytes before it, and what the
 * prediction missed is Rice coded. A block stands alone: blocks may arrive in any order.
 *
 * docs/formats/rice.md defines the block bit by bit, with a worked example.
 */
#ifndef THIL_RICE_H
#define THIL_RICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  THIL_RICE_PLAIN = 8,
  THIL_RICE_ESCAPE = 12, /* no symbol is longer than this and 8 bits */
};

/* Unpacks a block of raw_size bytes into `raw`, which must not overlap `packed`. False when the block ends
   before or goes on after them, or is not in this format; `raw` is then partly written, never beyond
   raw_size. */
bool thil_rice_decode(const uint8_t* packed, size_t packed_size, uint8_t* raw, size_t raw_size);

typedef struct thil_rice_block {
  uint8_t* packed; /* lent by the caller */
  size_t capacity; /* of `packed`; at most 65,535 is used */
  size_t size;     /* of the block */
  size_t taken;    /* bytes that it holds, unpacked */
} thil_rice_block;

/* Host only. Packs as many bytes of `raw` as the block's capacity holds, with the parameters that are best
   for just these bytes, and sets the block's `size` and `taken`; both are 0 when not even one byte fits, when
   there is none, or when the stride is 0. */
void thil_rice_encode(const uint8_t* raw, size_t raw_size, uint8_t stride, thil_rice_block* block);

#ifdef __cplusplus
}
#endif
#endif
