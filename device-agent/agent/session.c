/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "cursor.h"

typedef struct table_entry {
  uint8_t request;
  thil_command* command;
  const thil_field* (*fields)(void);
} table_entry;

#define ENTRY(name) \
  { THIL_ID_##name, thil_command_##name, thil_##name##_fields }
static const table_entry table[] = {
    ENTRY(hello), ENTRY(list), ENTRY(push_begin), ENTRY(push_chunk), ENTRY(push_packed), ENTRY(push_end),
    ENTRY(load),  ENTRY(run),  ENTRY(check),      ENTRY(reset),      ENTRY(echo),        ENTRY(rate),
};

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
} any_request;

static uint8_t carry_out(thil_agent* agent, const thil_frame* frame, thil_writer* reply, thil_refused* why) {
  thil_reader payload = {frame->payload.bytes, frame->payload.size, false};
  any_request request;
  for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
    if (table[i].request != frame->header.type) continue;
    if (!thil_message_read(&payload, table[i].fields(), &request)) {
      return thil_refuse(why, THIL_REFUSED_MALFORMED);
    }
    return table[i].command(agent, &request, reply, why);
  }
  return thil_refuse(why, THIL_REFUSED_UNKNOWN);
}

void thil_text_set(thil_text* text, const char* string) {
  text->chars = string;
  text->size = 0;
  while (text->size < 100 && string[text->size] != '\0') text->size++;
}

uint8_t thil_refuse_with(thil_refused* why, thil_refusal reason, uint32_t value, const char* detail) {
  why->reason = (uint8_t)reason;
  why->value = value;
  thil_text_set(&why->detail, detail);
  return THIL_ID_refused;
}

uint8_t thil_refuse(thil_refused* why, thil_refusal reason) { return thil_refuse_with(why, reason, 0, ""); }

thil_slots* thil_agent_slots(thil_agent* agent, uint8_t kind) {
  if (kind == THIL_SLOT_MODEL) return &agent->models;
  if (kind == THIL_SLOT_VECTORS) return &agent->vectors;
  return NULL;
}

uint8_t thil_command_reset(thil_agent* agent, const void* request, thil_writer* reply, thil_refused* why) {
  (void)reply;
  (void)request;
  (void)why;
  agent->reset_due = true;
  return THIL_ID_done;
}

uint8_t thil_command_echo(thil_agent* agent, const void* request, thil_writer* reply, thil_refused* why) {
  (void)agent;
  (void)why;
  const thil_echo* echo = request;
  thil_bytes_put(reply, &echo->content);
  return THIL_ID_echoed;
}

uint8_t thil_command_rate(thil_agent* agent, const void* request, thil_writer* reply, thil_refused* why) {
  (void)reply;
  const thil_rate* rate = request;
  if (rate->baud == 0) return thil_refuse(why, THIL_REFUSED_MALFORMED);
  agent->rate_due = rate->baud;
  return THIL_ID_done;
}

/* None during a measured run: the bus is to be quiet. */
static uint8_t credit_of(const thil_agent* agent) {
  bool quiet = agent->job.active && agent->job.request.mode == THIL_RUN_MEASURE;
  return quiet ? 0 : agent->link.window;
}

void thil_send_unasked(thil_agent* agent, uint8_t type, const thil_writer* payload) {
  const thil_envelope envelope = {type, 0, credit_of(agent), agent->link.answered_seq};
  thil_link_send(&agent->link, &envelope, payload);
}

static void reply_send(thil_agent* agent, const thil_frame_header* to, uint8_t type,
                       const thil_writer* payload) {
  const thil_envelope envelope = {type, THIL_FRAME_REPLY, credit_of(agent), to->seq};
  thil_link_send(&agent->link, &envelope, payload);
}

static void report_send(thil_agent* agent) {
  thil_job_flush(agent);
  agent->link.report_due = false;
  thil_writer payload = thil_link_payload();
  thil_u32_put(&payload, &agent->link.seen);
  thil_send_unasked(agent, THIL_ID_received, &payload);
}

/* What may come during a run without ending it. */
static bool goes_beside_a_run(const thil_agent* agent, uint8_t type) {
  if (type == THIL_ID_check) return true;
  if (agent->job.request.mode != THIL_RUN_THROUGHPUT) return false;
  return type == THIL_ID_push_begin || type == THIL_ID_push_chunk || type == THIL_ID_push_packed ||
         type == THIL_ID_push_end || type == THIL_ID_list;
}

static uint8_t serve(thil_agent* agent, const thil_frame* request, thil_writer* reply, thil_refused* why) {
  uint8_t type = carry_out(agent, request, reply, why);
  why->request = request->header.type;
  if (type == THIL_ID_refused) {
    thil_job_flush(agent);
    *reply = thil_link_payload();
    thil_refused_write(reply, why);
  }
  if (type == THIL_ID_done) thil_u8_put(reply, &why->request);
  return type;
}

/* Nothing of an old session may leak into a new one, and what it asked for is no longer wanted. Epoch 0
   stands for "no session yet": a device that was reset must not take an old session's frames. */
static void greet(thil_agent* agent, const thil_frame* hello) {
  thil_writer reply = thil_link_payload();
  thil_refused why = {0};
  agent->job.active = false;
  agent->job.waiting = 0;
  if (hello->header.epoch == 0) return;
  uint8_t type = serve(agent, hello, &reply, &why);
  if (type != THIL_ID_refused) thil_link_open(&agent->link, &hello->header);
  reply_send(agent, &hello->header, type, &reply);
}

static void answer(thil_agent* agent, const thil_frame* request) {
  uint8_t asked = request->header.type;
  if (!goes_beside_a_run(agent, asked)) thil_job_end(agent);
  if (asked != THIL_ID_push_chunk && asked != THIL_ID_push_packed) thil_job_flush(agent);
  thil_writer reply = thil_link_payload();
  thil_refused why = {0};
  uint8_t type = serve(agent, request, &reply, &why);
  if (type != THIL_NO_ANSWER) reply_send(agent, &request->header, type, &reply);
  agent->link.answered_seq = agent->link.expected_seq;
  if (agent->link.report_due) report_send(agent);
}

static void carry_out_what_is_due(thil_agent* agent) {
  if (agent->reset_due) thil_port_reset();
  agent->reset_due = false;
  if (agent->rate_due != 0) agent->link.rate_changed = thil_port_rate(agent->rate_due);
  agent->rate_due = 0;
}

void thil_session_booted(thil_agent* agent) {
  const thil_writer nothing = thil_link_payload();
  thil_send_unasked(agent, THIL_ID_booted, &nothing);
}

void thil_session_serve(thil_agent* agent, const thil_frame* request) {
  if (request->header.type == THIL_ID_hello) {
    greet(agent, request);
  } else if (agent->link.epoch == 0) {
    thil_session_booted(agent);
  } else {
    answer(agent, request);
  }
  carry_out_what_is_due(agent);
}
