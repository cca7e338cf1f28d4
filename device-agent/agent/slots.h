/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slots.h: content-addressed memory that outlives a session. The last THIL_SLOT_RECORD_SIZE bytes of a slot
 * say what it holds, so that a board may have any number of slots without a table in the agent's RAM.
 */
#ifndef THIL_SLOTS_H
#define THIL_SLOTS_H

#include "thil/wire.h"

enum { THIL_SLOT_RECORD_SIZE = 48 };

typedef struct thil_slots {
  uint8_t* memory;
  uint32_t stride;
  uint16_t count;
} thil_slots;

typedef enum thil_slot_state {
  THIL_SLOT_EMPTY = 0,
  THIL_SLOT_OPEN = 1, /* being filled with what `digest` announces */
  THIL_SLOT_FULL = 2,
} thil_slot_state;

typedef struct __attribute__((may_alias)) thil_slot_record {
  thil_digest digest;
  uint32_t size;
  uint32_t state; /* thil_slot_state */
} thil_slot_record;

/* Takes the memory and empties every slot. Slots too small for a record are no slots. */
void thil_slots_start(thil_slots* slots, uint8_t* memory, uint16_t count, uint32_t stride);

/* Bytes of content one slot can hold. */
uint32_t thil_slots_capacity(const thil_slots* slots);

uint8_t* thil_slots_content(const thil_slots* slots, uint16_t slot);
thil_slot_record* thil_slots_record(const thil_slots* slots, uint16_t slot);

#endif
