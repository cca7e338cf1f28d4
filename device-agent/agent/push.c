/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command.h"
#include "thil/cursor.h"
#include "thil/rice.h"

uint8_t thil_command_list(thil_agent* agent, const void* request) {
  const thil_list* list = request;
  const thil_slots* slots = thil_agent_slots(agent, list->kind);
  if (slots == NULL) return THIL_ID_refused;
  const thil_inventory inventory = {0, list->kind, slots->count, list->first, {NULL, 0}};
  static thil_digest none; /* zero; a constant would lie in flash */
  thil_writer* reply = thil_agent_reply(agent);
  thil_inventory_write(reply, &inventory);
  uint32_t end = list->count != 0 ? (uint32_t)list->first + list->count : UINT32_MAX;
  if (end > slots->count) end = slots->count;
  for (uint32_t i = list->first; i < end && reply->left >= THIL_DIGEST_SIZE; ++i) {
    const thil_slot_record* record = thil_slots_record(slots, (uint16_t)i);
    thil_digest_put(reply, record->state == THIL_SLOT_FULL ? &record->digest : &none);
  }
  return THIL_ID_inventory;
}

uint8_t thil_command_push_begin(thil_agent* agent, const void* request) {
  const thil_push_begin* begin = request;
  thil_slots* slots = thil_agent_slots_with(agent, begin->kind, begin->slot);
  if (slots == NULL) return THIL_ID_refused;
  bool is_model = slots == &agent->models;
  if (is_model && !thil_engine_loads_models()) return thil_refuse(agent, THIL_REFUSED_FIXED_MODEL);
  uint32_t capacity = thil_slots_capacity(slots);
  if (begin->size > capacity) return thil_refuse_with(agent, THIL_REFUSED_TOO_LARGE, capacity, "");
  thil_job_release(agent, slots, begin->slot);
  if (is_model) agent->loaded[begin->slot].engine = NULL;
  thil_slot_record* record = thil_slots_record(slots, begin->slot);
  record->digest = begin->digest;
  record->size = begin->size;
  record->state = THIL_SLOT_OPEN;
  return THIL_ID_done;
}

/* Where `size` bytes at `offset` of an open slot go; NULL, and refused, when they must not. */
static uint8_t* place_in(thil_agent* agent, const thil_push_chunk* chunk, size_t size) {
  const thil_slots* slots = thil_agent_slots_with(agent, chunk->kind, chunk->slot);
  if (slots == NULL) return NULL;
  const thil_slot_record* record = thil_slots_record(slots, chunk->slot);
  if (record->state != THIL_SLOT_OPEN) {
    thil_refuse(agent, THIL_REFUSED_NOT_PUSHING);
  } else if (chunk->offset > record->size || size > record->size - chunk->offset) {
    thil_refuse_with(agent, THIL_REFUSED_TOO_LARGE, record->size, "");
  } else {
    return thil_slots_content(slots, chunk->slot) + chunk->offset;
  }
  return NULL;
}

uint8_t thil_command_push_chunk(thil_agent* agent, const void* request) {
  const thil_push_chunk* chunk = request;
  uint8_t* at = place_in(agent, chunk, chunk->content.size);
  if (at == NULL) return THIL_ID_refused;
  if (chunk->content.size != 0) memcpy(at, chunk->content.bytes, chunk->content.size);
  return THIL_NO_ANSWER;
}

uint8_t thil_command_push_packed(thil_agent* agent, const void* request) {
  const thil_push_packed* packed = request;
  const thil_push_chunk chunk = {0, packed->kind, packed->slot, packed->offset, packed->packed};
  uint8_t* at = place_in(agent, &chunk, packed->size);
  if (at == NULL) return THIL_ID_refused;
  if (!thil_rice_decode(packed->packed.bytes, packed->packed.size, at, packed->size)) {
    return thil_refuse_with(agent, THIL_REFUSED_MALFORMED, 0, "packed");
  }
  return THIL_NO_ANSWER;
}

#ifdef THIL_WITH_PLACES
/* The empty chunk at the beginning goes where the content does. */
uint8_t thil_command_place(thil_agent* agent, const void* request) {
  const thil_place* place = request;
  const thil_push_chunk first = {0, place->kind, place->slot, 0, {NULL, 0}};
  const uint8_t* at = place_in(agent, &first, 0);
  if (at == NULL) return THIL_ID_refused;
  const thil_placed placed = {0, (uint32_t)(uintptr_t)at};
  thil_placed_write(thil_agent_reply(agent), &placed);
  return THIL_ID_placed;
}
#endif

/* A refused push stays open: the host may repair the chunks that were damaged and end it again. A repeated
   end of a full slot digests the same bytes to the same answer. */
uint8_t thil_command_push_end(thil_agent* agent, const void* request) {
  const thil_push_end* end = request;
  const thil_slots* slots = thil_agent_slots_with(agent, end->kind, end->slot);
  if (slots == NULL) return THIL_ID_refused;
  thil_slot_record* record = thil_slots_record(slots, end->slot);
  if (record->state == THIL_SLOT_EMPTY) return thil_refuse(agent, THIL_REFUSED_NOT_PUSHING);
  thil_digest held;
  if (!thil_agent_digest(agent, thil_slots_content(slots, end->slot), record->size, &held))
    return THIL_NO_ANSWER;
  if (memcmp(held.bytes, record->digest.bytes, THIL_DIGEST_SIZE) != 0) {
    return thil_refuse(agent, THIL_REFUSED_DIGEST);
  }
  record->state = THIL_SLOT_FULL;
  return THIL_ID_done;
}
