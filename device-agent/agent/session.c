/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

typedef struct table_entry {
  uint8_t request;
  thil_command* command;
} table_entry;

static const table_entry table[] = {
    {THIL_ID_hello, thil_command_hello},
    {THIL_ID_list, thil_command_list},
    {THIL_ID_push_begin, thil_command_push_begin},
    {THIL_ID_push_chunk, thil_command_push_chunk},
    {THIL_ID_push_end, thil_command_push_end},
    {THIL_ID_load, thil_command_load},
    {THIL_ID_run, thil_command_run},
    {THIL_ID_check, thil_command_check},
    {THIL_ID_reset, thil_command_reset},
};

static uint8_t unknown(thil_agent* agent, thil_reader* request, thil_writer* reply, thil_refused* why) {
  (void)agent;
  (void)request;
  (void)reply;
  return thil_refuse(why, THIL_REFUSED_UNKNOWN, 0, "");
}

static thil_command* command_of(uint8_t request) {
  for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
    if (table[i].request == request) return table[i].command;
  }
  return unknown;
}

thil_text thil_text_of(const char* string) {
  thil_text text = {string, 0};
  while (text.size < 100 && string[text.size] != '\0') text.size++;
  return text;
}

uint8_t thil_refuse(thil_refused* why, thil_refusal reason, uint32_t value, const char* detail) {
  why->reason = (uint8_t)reason;
  why->value = value;
  why->detail = thil_text_of(detail);
  return THIL_ID_refused;
}

thil_slots* thil_agent_slots(thil_agent* agent, uint8_t kind) {
  if (kind == THIL_SLOT_MODEL) return &agent->models;
  if (kind == THIL_SLOT_VECTORS) return &agent->vectors;
  return NULL;
}

uint8_t thil_command_reset(thil_agent* agent, thil_reader* request, thil_writer* reply, thil_refused* why) {
  (void)reply;
  thil_reset nothing;
  if (!thil_reset_read(request, &nothing)) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "");
  agent->reset_due = true;
  return THIL_ID_done;
}

/* Nothing of an old session may leak into a new one, and what it asked for is no longer wanted. */
static void session_open(thil_agent* agent, uint8_t epoch) {
  const thil_push no_push = {0};
  agent->link.epoch = epoch;
  agent->link.next_seq = 0;
  agent->push = no_push;
  agent->job.active = false;
}

static void reply_send(thil_agent* agent, const thil_frame_header* to, uint8_t type,
                       const thil_writer* payload) {
  thil_envelope envelope = {type, THIL_FRAME_REPLY, to->epoch, agent->link.window, to->seq};
  if (agent->job.active) envelope.credit = 0; /* a run wants the line quiet */
  thil_link_send(&agent->link, &envelope, payload);
}

/* Epoch 0 stands for "no session yet": a device that was reset must not take an old session's frames. */
static uint8_t serve(thil_agent* agent, const thil_frame* request, thil_writer* reply, thil_refused* why) {
  thil_reader payload = {request->payload.bytes, request->payload.size, false};
  bool is_hello = request->header.type == THIL_ID_hello;
  if (is_hello && request->header.epoch == 0) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "epoch 0");
  uint8_t type = command_of(request->header.type)(agent, &payload, reply, why);
  if (is_hello && type != THIL_ID_refused) session_open(agent, request->header.epoch);
  return type;
}

void thil_session_serve(thil_agent* agent, const thil_frame* request) {
  if (request->header.type != THIL_ID_hello) thil_job_end(agent);
  thil_writer reply = thil_link_payload();
  thil_refused why = {0};
  why.request = request->header.type;
  uint8_t type = serve(agent, request, &reply, &why);
  if (type == THIL_ID_refused) thil_refused_write(&reply, &why);
  if (type == THIL_ID_done) {
    thil_done done = {0};
    done.request = request->header.type;
    thil_done_write(&reply, &done);
  }
  reply_send(agent, &request->header, type, &reply);
  if (agent->reset_due) {
    agent->reset_due = false;
    thil_port_reset();
  }
}
