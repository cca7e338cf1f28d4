/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "thil/cursor.h"

enum { BYTES_A_STEP = 1024 }; /* of a digest */

typedef struct table_entry {
  thil_command* command;
  const uint8_t* fields;
} table_entry;

/* By id; there is no request 0. */
#define ENTRY(name) [THIL_ID_##name - 1] = {thil_command_##name, thil_##name##_fields}
static const table_entry table[] = {
    ENTRY(hello),    ENTRY(list), ENTRY(push_begin), ENTRY(push_chunk), ENTRY(push_packed),
    ENTRY(push_end), ENTRY(load), ENTRY(run),        ENTRY(check),      ENTRY(reset),
    ENTRY(echo),     ENTRY(rate), ENTRY(segment),
#ifndef THIL_WITHOUT_WINDOWS
    ENTRY(window),
#endif
#ifdef THIL_WITH_PLACES
    ENTRY(place),
#endif
};
/* An id in the middle of the table may have no command. */
enum { HAS_GAP = THIL_PLACES != 0 && THIL_WINDOWS == 0 };

typedef union any_request {
  thil_hello hello;
  thil_list list;
  thil_push_begin push_begin;
  thil_push_chunk push_chunk;
  thil_push_packed push_packed;
  thil_push_end push_end;
  thil_load load;
  thil_run run;
  thil_check check;
  thil_reset reset;
  thil_echo echo;
  thil_rate rate;
  thil_segment segment;
  thil_window window;
  thil_place place;
} any_request;

static uint8_t carry_out(thil_agent* agent, const thil_frame* frame) {
  thil_reader payload = {frame->payload.bytes, frame->payload.size, false};
  any_request request;
  uint32_t at = frame->header.type - 1u;
  if (at >= sizeof table / sizeof table[0] || (HAS_GAP && table[at].command == NULL)) {
    return thil_refuse(agent, THIL_REFUSED_UNKNOWN);
  }
  if (!thil_message_read(&payload, table[at].fields, &request)) {
    return thil_refuse(agent, THIL_REFUSED_MALFORMED);
  }
  return table[at].command(agent, &request);
}

void thil_text_set(thil_text* text, const char* string) {
  text->chars = string;
  text->size = 0;
  while (text->size < 100 && string[text->size] != '\0') text->size++;
}

uint8_t thil_refuse_with(thil_agent* agent, thil_refusal reason, uint32_t value, const char* detail) {
  const thil_objection why = {(uint8_t)reason, value, detail};
  agent->why = why;
  return THIL_ID_refused;
}

uint8_t thil_refuse(thil_agent* agent, thil_refusal reason) { return thil_refuse_with(agent, reason, 0, ""); }

thil_writer* thil_agent_reply(thil_agent* agent) {
  thil_job_flush(agent);
  if (THIL_WINDOWS != 0) agent->kept_window = 0;
  return thil_link_begin(&agent->link);
}

bool thil_agent_digest(thil_agent* agent, const uint8_t* bytes, size_t size, thil_digest* digest) {
  thil_sha256* hash = &agent->digest;
  if (!agent->again) thil_sha256_begin(hash);
  size_t left = size - hash->size;
  agent->again = left > BYTES_A_STEP;
  thil_sha256_add(hash, bytes + hash->size, agent->again ? BYTES_A_STEP : left);
  if (!agent->again) thil_sha256_end(hash, digest);
  return !agent->again;
}

thil_slots* thil_agent_slots(thil_agent* agent, uint8_t kind) {
  if (kind == THIL_SLOT_MODEL) return &agent->models;
  if (kind == THIL_SLOT_VECTORS) return &agent->vectors;
  thil_refuse_with(agent, THIL_REFUSED_MALFORMED, 0, "kind");
  return NULL;
}

thil_slots* thil_agent_slots_with(thil_agent* agent, uint8_t kind, uint16_t slot) {
  thil_slots* slots = thil_agent_slots(agent, kind);
  if (slots == NULL || slot < slots->count) return slots;
  thil_refuse_with(agent, THIL_REFUSED_NO_SLOT, slots->count, kind == THIL_SLOT_MODEL ? "model" : "vectors");
  return NULL;
}

uint8_t thil_command_reset(thil_agent* agent, const void* request) {
  (void)request;
  agent->reset_due = true;
  return THIL_ID_done;
}

uint8_t thil_command_echo(thil_agent* agent, const void* request) {
  thil_echoed_write(thil_agent_reply(agent), request);
  return THIL_ID_echoed;
}

uint8_t thil_command_rate(thil_agent* agent, const void* request) {
  const thil_rate* rate = request;
  if (rate->baud == 0) return thil_refuse(agent, THIL_REFUSED_MALFORMED);
  agent->rate_due = rate->baud;
  return THIL_ID_done;
}

/* No credit during a measured run: the bus is to be quiet. */
static void send(thil_agent* agent, uint8_t type, uint8_t flags, uint16_t ack) {
  bool quiet = agent->job.active && agent->job.request.mode == THIL_RUN_MEASURE;
  const thil_frame_header header = {type, flags, 0, quiet ? 0 : agent->link.window, 0, ack};
  thil_link_send(&agent->link, header);
}

void thil_send_unasked(thil_agent* agent, uint8_t type) { send(agent, type, 0, agent->link.answered_seq); }

void thil_session_booted(thil_agent* agent) {
  thil_link_begin(&agent->link);
  thil_send_unasked(agent, THIL_ID_booted);
}

static void report_send(thil_agent* agent) {
  const thil_received received = {0, agent->link.seen};
  thil_received_write(thil_agent_reply(agent), &received);
  thil_send_unasked(agent, THIL_ID_received);
}

/* What may come during a run without ending it: a check, and in mode throughput what fills slots. */
static bool goes_beside_a_run(const thil_agent* agent, uint8_t type) {
  const uint32_t check = 1u << THIL_ID_check;
  const uint32_t pushing = 1u << THIL_ID_list | 1u << THIL_ID_push_begin | 1u << THIL_ID_push_chunk |
                           1u << THIL_ID_push_packed | 1u << THIL_ID_push_end |
                           (THIL_PLACES != 0 ? 1u << THIL_ID_place : 0u);
  uint32_t beside = agent->job.request.mode == THIL_RUN_THROUGHPUT ? check | pushing : check;
  return type < 32 && (beside >> type & 1u) != 0;
}

static uint8_t serve(thil_agent* agent, const thil_frame* request) {
  uint8_t asked = request->header.type;
  uint8_t type = carry_out(agent, request);
  if (type == THIL_ID_refused) {
    thil_refused refused = {0, asked, agent->why.reason, agent->why.value, {NULL, 0}};
    thil_text_set(&refused.detail, agent->why.detail);
    thil_refused_write(thil_agent_reply(agent), &refused);
  }
  if (type == THIL_ID_done) thil_u8_put(thil_agent_reply(agent), &asked);
  return type;
}

/* Nothing of an old session may leak into a new one, and what it asked for is no longer wanted. */
static void forget_run(thil_job* job) {
  job->active = false;
  job->waiting = 0;
}

static void answer(thil_agent* agent, const thil_frame* request) {
  const thil_frame_header* header = &request->header;
  uint8_t type = serve(agent, request);
  if (agent->again) return;
  if (header->type == THIL_ID_hello && type == THIL_ID_identity) thil_link_open(&agent->link, header);
  if (type != THIL_NO_ANSWER) send(agent, type, THIL_FRAME_REPLY, header->seq);
  agent->link.answered_seq = agent->link.expected_seq;
  if (agent->link.report_due) report_send(agent);
  agent->link.report_due = false;
}

/* What a command has noted, once its answer has left. */
static void carry_out_what_is_due(thil_agent* agent) {
  if (!thil_window_is_due(agent) && !agent->reset_due && agent->rate_due == 0) return;
  thil_link_finish(&agent->link);
  if (agent->reset_due) thil_port_reset();
  if (thil_window_is_due(agent)) thil_window_run(agent);
  agent->reset_due = false;
  if (agent->rate_due != 0) agent->link.rate_changed = thil_port_rate(agent->rate_due);
  agent->rate_due = 0;
}

/* Epoch 0 stands for "no session yet": a device that was reset must not take an old session's frames. */
void thil_session_serve(thil_agent* agent, const thil_frame* request) {
  uint8_t asked = request->header.type;
  if (asked == THIL_ID_hello) {
    forget_run(&agent->job);
    if (request->header.epoch == 0) return;
  } else if (agent->link.epoch == 0) {
    thil_session_booted(agent);
    return;
  } else if (!goes_beside_a_run(agent, asked)) {
    thil_job_end(agent);
  }
  answer(agent, request);
  carry_out_what_is_due(agent);
}
