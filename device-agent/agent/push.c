/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command.h"
#include "cursor.h"
#include "sha256.h"

uint8_t thil_command_list(thil_agent* agent, thil_reader* request, thil_writer* reply, thil_refused* why) {
  thil_list list;
  if (!thil_list_read(request, &list)) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "");
  const thil_slots* slots = thil_agent_slots(agent, list.kind);
  if (slots == NULL) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "kind");
  if (list.first > slots->count) return thil_refuse(why, THIL_REFUSED_NO_SLOT, slots->count, "");
  const thil_inventory inventory = {0, list.kind, slots->count, list.first, {NULL, 0}};
  thil_inventory_write(reply, &inventory);
  for (uint16_t i = list.first; i < slots->count && reply->left >= THIL_DIGEST_SIZE; ++i) {
    thil_slot_record record = thil_slots_record(slots, i);
    thil_digest_put(reply, &record.digest);
  }
  return THIL_ID_inventory;
}

uint8_t thil_command_push_begin(thil_agent* agent, thil_reader* request, thil_writer* reply,
                                thil_refused* why) {
  (void)reply;
  thil_push_begin begin;
  if (!thil_push_begin_read(request, &begin)) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "");
  thil_slots* slots = thil_agent_slots(agent, begin.kind);
  if (slots == NULL) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "kind");
  bool is_model = slots == &agent->models;
  if (is_model && !thil_engine_loads_models()) return thil_refuse(why, THIL_REFUSED_FIXED_MODEL, 0, "");
  if (begin.slot >= slots->count) return thil_refuse(why, THIL_REFUSED_NO_SLOT, slots->count, "");
  uint32_t capacity = thil_slots_capacity(slots);
  if (begin.size > capacity) return thil_refuse(why, THIL_REFUSED_TOO_LARGE, capacity, "");
  if (is_model) agent->loaded[begin.slot].engine = NULL;
  thil_slots_empty(slots, begin.slot);
  const thil_push push = {slots, begin.digest, begin.size, begin.slot, false};
  agent->push = push;
  return THIL_ID_done;
}

uint8_t thil_command_push_chunk(thil_agent* agent, thil_reader* request, thil_writer* reply,
                                thil_refused* why) {
  (void)reply;
  thil_push_chunk chunk;
  const thil_push* push = &agent->push;
  if (!thil_push_chunk_read(request, &chunk)) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "");
  if (push->slots == NULL || push->ended) return thil_refuse(why, THIL_REFUSED_NOT_PUSHING, 0, "");
  if (chunk.offset > push->size || chunk.content.size > push->size - chunk.offset) {
    return thil_refuse(why, THIL_REFUSED_TOO_LARGE, push->size, "");
  }
  uint8_t* content = thil_slots_content(push->slots, push->slot);
  if (chunk.content.size != 0) memcpy(content + chunk.offset, chunk.content.bytes, chunk.content.size);
  return THIL_ID_done;
}

/* A refused push stays open: the host may repair the chunks that were damaged and end it again. A repeated
   end of a full slot digests the same bytes to the same answer. */
uint8_t thil_command_push_end(thil_agent* agent, thil_reader* request, thil_writer* reply,
                              thil_refused* why) {
  (void)reply;
  thil_push_end nothing;
  thil_push* push = &agent->push;
  if (!thil_push_end_read(request, &nothing)) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "");
  if (push->slots == NULL) return thil_refuse(why, THIL_REFUSED_NOT_PUSHING, 0, "");
  thil_digest held;
  thil_sha256_digest(thil_slots_content(push->slots, push->slot), push->size, &held);
  if (memcmp(held.bytes, push->digest.bytes, THIL_DIGEST_SIZE) != 0) {
    return thil_refuse(why, THIL_REFUSED_DIGEST, 0, "");
  }
  thil_slots_fill(push->slots, push->slot, &push->digest, push->size);
  push->ended = true;
  return THIL_ID_done;
}
