/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h: the agent's one context, and the commands that act on it. A command is given its request, which
 * the dispatcher has read, and returns its reply's id, or THIL_NO_ANSWER. It writes the reply's payload to
 * thil_agent_reply; THIL_ID_done and THIL_ID_refused are written by the dispatcher.
 */
#ifndef THIL_COMMAND_H
#define THIL_COMMAND_H

#include "link.h"
#include "sha256.h"
#include "slots.h"
#include "thil/engine.h"
#include "thil/port.h"

enum { THIL_MODELS_MAX = 8, THIL_NO_ANSWER = 0 };

typedef struct thil_model {
  thil_engine_model* engine; /* NULL: not loaded */
  uint32_t sizes[2];         /* by thil_tensor_role: bytes of all inputs, of all outputs */
  uint8_t output_dtype;      /* thil_dtype */
  uint8_t element_size;      /* of the only output, in bytes; 0: there are several */
} thil_model;

typedef struct thil_job {
  thil_run request; /* without its view `models` */
  uint8_t models[THIL_MODELS_MAX];
  uint8_t model_count;
  uint8_t waiting; /* rows in the link's payload, of a results message not yet sent */
  bool active;
  uint32_t results; /* made so far */
  uint32_t total;
  uint32_t clock;             /* spent on the rows that wait */
  uint32_t part;              /* offset in the last inference's output of what is to be sent next */
  const thil_model* in_parts; /* whose output that is; NULL: none is */
} thil_job;

/* Why the request at hand is refused. */
typedef struct thil_objection {
  uint8_t reason; /* thil_refusal */
  uint32_t value;
  const char* detail; /* lives until the reply is sent */
} thil_objection;

/* What is used most comes first: a Cortex-M reaches the first 128 bytes with short instructions. */
typedef struct thil_agent {
  const thil_port_info* info; /* NULL: not started */
  const thil_port_memory* memory;
  thil_objection why;
  bool again; /* the request at hand waits for a digest, and is served again */
  bool image_known;
  bool reset_due;
  bool window_due;
  uint32_t rate_due; /* baud, 0: none */
  thil_slots models;
  thil_slots vectors;
  thil_job job;
  thil_link link;
  thil_frame request; /* the one at hand; its payload is the decoder's */
  thil_model loaded[THIL_MODELS_MAX];
  thil_digest image;
  thil_sha256 digest;
  thil_engine_report report;
  thil_window window;   /* the one that is due, or was */
  uint32_t kept_window; /* the payload buffer still holds how this one ended; 0: it does not */
} thil_agent;

typedef uint8_t thil_command(thil_agent* agent, const void* request);

thil_command thil_command_hello;
thil_command thil_command_list;
thil_command thil_command_push_begin;
thil_command thil_command_push_chunk;
thil_command thil_command_push_packed;
thil_command thil_command_push_end;
thil_command thil_command_load;
thil_command thil_command_run;
thil_command thil_command_check;
thil_command thil_command_reset;
thil_command thil_command_echo;
thil_command thil_command_rate;
thil_command thil_command_segment;
thil_command thil_command_window;
thil_command thil_command_place;

/* Note why and return THIL_ID_refused. The detail must live until the reply is sent. */
uint8_t thil_refuse(thil_agent* agent, thil_refusal reason);
uint8_t thil_refuse_with(thil_agent* agent, thil_refusal reason, uint32_t value, const char* detail);

/* A writer for a message's payload, still empty. There is one buffer: rows that wait in it are sent first. */
thil_writer* thil_agent_reply(thil_agent* agent);

/* The digest that the request at hand needs, a kilobyte a step. False until it is whole: the command then
   returns THIL_NO_ANSWER, having changed nothing, and is called again. */
bool thil_agent_digest(thil_agent* agent, const uint8_t* bytes, size_t size, thil_digest* digest);

/* Makes *text a view of the first 100 characters, so that every message of texts fits a frame. */
void thil_text_set(thil_text* text, const char* string);

/* The slots of a kind; NULL, and refused, when there are none of this kind, or no such slot. */
thil_slots* thil_agent_slots(thil_agent* agent, uint8_t kind);
thil_slots* thil_agent_slots_with(thil_agent* agent, uint8_t kind, uint16_t slot);

/* Tells whoever listens that there is no session: at start, and in answer to what is no hello. */
void thil_session_booted(thil_agent* agent);

/* Answers one request. */
void thil_session_serve(thil_agent* agent, const thil_frame* request);

/* THIL_ID_done when the vectors of a run are there for all its models, which are loaded. */
uint8_t thil_run_check(thil_agent* agent, const thil_run* run);

/* Puts the model back to its first state and writes a vector of a slot to its inputs. */
void thil_vector_give(const thil_agent* agent, const thil_model* model, uint16_t slot, uint32_t vector);

#ifdef THIL_WITHOUT_WINDOWS
enum { THIL_WINDOWS = 0 };
#else
enum { THIL_WINDOWS = 1 }; /* energy windows are compiled in */
#endif

#ifdef THIL_WITH_PLACES
enum { THIL_PLACES = 1 }; /* for a debug probe that fills slots: it is told where they lie */
#else
enum { THIL_PLACES = 0 };
#endif

static inline bool thil_window_is_due(const thil_agent* agent) {
  return THIL_WINDOWS != 0 && agent->window_due;
}

/* Runs the window that is due, on a line on which all has been sent, and tells how it ended. */
void thil_window_run(thil_agent* agent);

/* One inference of the run in progress, and its end after the last. */
void thil_job_step(thil_agent* agent);

/* Sends the rows that wait. */
void thil_job_flush(thil_agent* agent);

/* Ends the run in progress, if there is one, and tells the host how far it came. */
void thil_job_end(thil_agent* agent);

/* Ends it when it uses this slot, which is about to be emptied. */
void thil_job_release(thil_agent* agent, const thil_slots* slots, uint16_t slot);

/* Sends the oldest of the messages that wait (thil_agent_log); false when there is none. */
bool thil_log_send(thil_agent* agent);

/* Sends what was written as a frame that no request asked for, such as results. */
void thil_send_unasked(thil_agent* agent, uint8_t type);

#endif
