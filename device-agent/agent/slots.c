/* SPDX-License-Identifier: Apache-2.0 */
#include "slots.h"

#include <string.h>

typedef char thil_slot_record_fits[sizeof(thil_slot_record) <= THIL_SLOT_RECORD_SIZE ? 1 : -1];

uint32_t thil_slots_capacity(const thil_slots* slots) {
  return slots->stride > THIL_SLOT_RECORD_SIZE ? slots->stride - THIL_SLOT_RECORD_SIZE : 0;
}

uint8_t* thil_slots_content(const thil_slots* slots, uint16_t slot) {
  return slots->memory + (size_t)slot * slots->stride;
}

void thil_slots_set(const thil_slots* slots, uint16_t slot, const thil_slot_record* record) {
  uint32_t capacity = thil_slots_capacity(slots);
  if (capacity != 0) memcpy(thil_slots_content(slots, slot) + capacity, record, sizeof *record);
}

thil_slot_record thil_slots_record(const thil_slots* slots, uint16_t slot) {
  thil_slot_record record = {0};
  uint32_t capacity = thil_slots_capacity(slots);
  if (capacity != 0) memcpy(&record, thil_slots_content(slots, slot) + capacity, sizeof record);
  return record;
}

void thil_slots_start(thil_slots* slots, uint8_t* memory, uint16_t count, uint32_t stride) {
  const thil_slot_record empty = {0};
  slots->memory = memory;
  slots->stride = stride;
  slots->count = count;
  for (uint16_t i = 0; i < count; ++i) thil_slots_set(slots, i, &empty);
}
