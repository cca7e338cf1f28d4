/* SPDX-License-Identifier: Apache-2.0 */
#include "slots.h"

#include <string.h>

typedef char thil_slot_record_fits[sizeof(thil_slot_record) <= THIL_SLOT_RECORD_SIZE ? 1 : -1];

uint32_t thil_slots_capacity(const thil_slots* slots) {
  return slots->count != 0 ? slots->stride - THIL_SLOT_RECORD_SIZE : 0;
}

uint8_t* thil_slots_content(const thil_slots* slots, uint16_t slot) {
  return slots->memory + (size_t)slot * slots->stride;
}

thil_slot_record* thil_slots_record(const thil_slots* slots, uint16_t slot) {
  return (thil_slot_record*)(void*)(thil_slots_content(slots, slot) + thil_slots_capacity(slots));
}

void thil_slots_start(thil_slots* slots, uint8_t* memory, uint16_t count, uint32_t stride) {
  slots->memory = memory;
  slots->stride = stride;
  slots->count = stride >= THIL_SLOT_RECORD_SIZE ? count : 0;
  for (uint16_t i = 0; i < slots->count; ++i) memset(thil_slots_record(slots, i), 0, THIL_SLOT_RECORD_SIZE);
}
