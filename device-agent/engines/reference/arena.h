/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h: takes pieces of the agent's arena, front to back. It goes on counting past the end, so a load
 * that does not fit still learns how many bytes would have done.
 */
#ifndef THIL_REFERENCE_ARENA_H
#define THIL_REFERENCE_ARENA_H

#include <stddef.h>
#include <stdint.h>

enum { THIL_ARENA_ALIGN = 16 };

typedef struct thil_arena {
  uint8_t* base; /* aligned to THIL_ARENA_ALIGN */
  uint32_t size;
  uint64_t used; /* may exceed size: that is how much was asked for */
} thil_arena;

static inline uint64_t thil_arena_align(uint64_t bytes) {
  return (bytes + THIL_ARENA_ALIGN - 1) / THIL_ARENA_ALIGN * THIL_ARENA_ALIGN;
}

/* An aligned, uninitialised piece; NULL when the arena is too small, and counted all the same. */
static inline void* thil_arena_take(thil_arena* arena, uint64_t bytes) {
  uint64_t start = arena->used;
  arena->used += thil_arena_align(bytes);
  return arena->used <= arena->size ? arena->base + start : NULL;
}

#endif
