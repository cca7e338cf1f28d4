/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command.h"
#include "cursor.h"
#include "rice.h"
#include "sha256.h"

/* A slot by its kind and number; why->reason is set when there is none. */
static thil_slots* slots_at(thil_agent* agent, uint8_t kind, uint16_t slot, thil_refused* why) {
  thil_slots* slots = thil_agent_slots(agent, kind);
  if (slots == NULL) {
    thil_refuse_with(why, THIL_REFUSED_MALFORMED, 0, "kind");
  } else if (slot >= slots->count) {
    thil_refuse_with(why, THIL_REFUSED_NO_SLOT, slots->count, "");
    return NULL;
  }
  return slots;
}

uint8_t thil_command_list(thil_agent* agent, const void* request, thil_writer* reply, thil_refused* why) {
  const thil_list* list = request;
  const thil_slots* slots = thil_agent_slots(agent, list->kind);
  if (slots == NULL) return thil_refuse_with(why, THIL_REFUSED_MALFORMED, 0, "kind");
  if (list->first > slots->count) return thil_refuse_with(why, THIL_REFUSED_NO_SLOT, slots->count, "");
  const thil_inventory inventory = {0, list->kind, slots->count, list->first, {NULL, 0}};
  const thil_digest none = {{0}};
  thil_inventory_write(reply, &inventory);
  for (uint16_t i = list->first; i < slots->count && reply->left >= THIL_DIGEST_SIZE; ++i) {
    const thil_slot_record* record = thil_slots_record(slots, i);
    thil_digest_put(reply, record->state == THIL_SLOT_FULL ? &record->digest : &none);
  }
  return THIL_ID_inventory;
}

uint8_t thil_command_push_begin(thil_agent* agent, const void* request, thil_writer* reply,
                                thil_refused* why) {
  (void)reply;
  const thil_push_begin* begin = request;
  thil_slots* slots = slots_at(agent, begin->kind, begin->slot, why);
  if (slots == NULL) return THIL_ID_refused;
  bool is_model = slots == &agent->models;
  if (is_model && !thil_engine_loads_models()) return thil_refuse(why, THIL_REFUSED_FIXED_MODEL);
  uint32_t capacity = thil_slots_capacity(slots);
  if (begin->size > capacity) return thil_refuse_with(why, THIL_REFUSED_TOO_LARGE, capacity, "");
  thil_job_release(agent, slots, begin->slot);
  if (is_model) agent->loaded[begin->slot].engine = NULL;
  const thil_slot_record record = {begin->digest, begin->size, THIL_SLOT_OPEN};
  *thil_slots_record(slots, begin->slot) = record;
  return THIL_ID_done;
}

/* Where `size` bytes at `offset` of an open slot go; NULL, and why, when they must not. */
static uint8_t* place_in(thil_agent* agent, const thil_push_chunk* chunk, size_t size, thil_refused* why) {
  const thil_slots* slots = slots_at(agent, chunk->kind, chunk->slot, why);
  if (slots == NULL) return NULL;
  const thil_slot_record* record = thil_slots_record(slots, chunk->slot);
  if (record->state != THIL_SLOT_OPEN) {
    thil_refuse(why, THIL_REFUSED_NOT_PUSHING);
  } else if (chunk->offset > record->size || size > record->size - chunk->offset) {
    thil_refuse_with(why, THIL_REFUSED_TOO_LARGE, record->size, "");
  } else {
    return thil_slots_content(slots, chunk->slot) + chunk->offset;
  }
  return NULL;
}

uint8_t thil_command_push_chunk(thil_agent* agent, const void* request, thil_writer* reply,
                                thil_refused* why) {
  (void)reply;
  const thil_push_chunk* chunk = request;
  uint8_t* at = place_in(agent, chunk, chunk->content.size, why);
  if (at == NULL) return THIL_ID_refused;
  if (chunk->content.size != 0) memcpy(at, chunk->content.bytes, chunk->content.size);
  return THIL_NO_ANSWER;
}

uint8_t thil_command_push_packed(thil_agent* agent, const void* request, thil_writer* reply,
                                 thil_refused* why) {
  (void)reply;
  const thil_push_packed* packed = request;
  const thil_push_chunk chunk = {0, packed->kind, packed->slot, packed->offset, packed->packed};
  uint8_t* at = place_in(agent, &chunk, packed->size, why);
  if (at == NULL) return THIL_ID_refused;
  if (!thil_rice_decode(packed->packed.bytes, packed->packed.size, at, packed->size)) {
    return thil_refuse_with(why, THIL_REFUSED_MALFORMED, 0, "packed");
  }
  return THIL_NO_ANSWER;
}

/* A refused push stays open: the host may repair the chunks that were damaged and end it again. A repeated
   end of a full slot digests the same bytes to the same answer. */
uint8_t thil_command_push_end(thil_agent* agent, const void* request, thil_writer* reply, thil_refused* why) {
  (void)reply;
  const thil_push_end* end = request;
  const thil_slots* slots = slots_at(agent, end->kind, end->slot, why);
  if (slots == NULL) return THIL_ID_refused;
  thil_slot_record* record = thil_slots_record(slots, end->slot);
  if (record->state == THIL_SLOT_EMPTY) return thil_refuse(why, THIL_REFUSED_NOT_PUSHING);
  thil_digest held;
  thil_sha256_digest(thil_slots_content(slots, end->slot), record->size, &held);
  if (memcmp(held.bytes, record->digest.bytes, THIL_DIGEST_SIZE) != 0) {
    return thil_refuse(why, THIL_REFUSED_DIGEST);
  }
  record->state = THIL_SLOT_FULL;
  return THIL_ID_done;
}
