/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An energy window: what a current meter is to see, between two edges of the trigger pin. From its beginning
 * to its end nothing is sent, and the one payload buffer, which nothing else needs meanwhile, gathers the
 * layers.
 */
#include "output.h"
#include "thil/cursor.h"
#include "thil/fault.h"

typedef struct window {
  thil_agent* agent;
  uint32_t last;  /* what the counter said when it was last looked at */
  uint32_t begun; /* the clock, when the last inference began */
  uint64_t ticks;
  thil_window_ended ended;
} window;

static uint32_t counter(const thil_agent* agent) {
  return agent->info->timer_hz != 0 ? thil_port_timer() : thil_port_clock();
}

/* In pieces, for the counter has 32 bits. */
static void count(window* of) {
  uint32_t now = counter(of->agent);
  uint32_t passed = now - of->last;
  of->last = now;
  of->ticks += passed;
}

static bool goes_on(window* of) {
  if (thil_link_pending(&of->agent->link)) of->ended.status = THIL_WINDOW_DISTURBED;
  return of->ended.status == THIL_WINDOW_WHOLE;
}

static void rest(window* of, uint8_t kind, uint32_t ms) {
  while (ms > 0 && goes_on(of)) {
    uint32_t piece = ms < THIL_REST_MAX ? ms : THIL_REST_MAX;
    thil_port_alive();
    (void)thil_port_rest((thil_rest_kind)kind, piece);
    count(of);
    ms -= piece;
  }
}

static void note_layer(void* context) {
  const window* of = context;
  uint32_t passed = thil_port_clock() - of->begun;
  thil_u32_put(&of->agent->link.payload, &passed);
}

static thil_engine_status invoke(window* of, thil_engine_model* model) {
  const thil_window* asked = &of->agent->window;
  bool is_last = of->ended.proven + 1 == asked->invokes;
  if (!is_last || (asked->flags & THIL_WINDOW_LAYERS) == 0) return thil_engine_invoke(model);
  of->begun = thil_port_clock();
  return thil_engine_invoke_layers(model, note_layer, of);
}

static void infer(window* of) {
  const thil_agent* agent = of->agent;
  const thil_window* asked = &agent->window;
  const thil_model* model = &agent->loaded[asked->model];
  while (of->ended.proven < asked->invokes && goes_on(of)) {
    thil_port_alive();
    thil_vector_give(agent, model, asked->vector_slot, asked->vector);
    thil_fault_enter(asked->window, asked->model, asked->vector, (uint16_t)of->ended.proven);
    thil_engine_status status = invoke(of, model->engine);
    thil_fault_leave();
    count(of);
    if (status != THIL_ENGINE_OK) {
      of->ended.status = THIL_WINDOW_INVOKE_FAILED;
    } else {
      of->ended.proven++;
    }
  }
}

/* The counter is read before either edge, so that what the port does behind one is not counted at either end.
 */
static void between_edges(window* of) {
  const thil_window* asked = &of->agent->window;
  thil_port_clock_restart();
  of->ticks = 0;
  of->last = counter(of->agent);
  thil_port_trigger(true);
  if (asked->kind == THIL_WINDOW_INFERENCE) {
    infer(of);
  } else {
    rest(of, asked->kind, asked->length_ms);
  }
  count(of);
  thil_port_trigger(false);
  of->ended.ticks_low = (uint32_t)of->ticks;
  of->ended.ticks_high = (uint32_t)(of->ticks >> 32);
}

static void run(window* of) {
  const thil_window* asked = &of->agent->window;
  thil_port_quiet_begin();
  rest(of, THIL_WINDOW_IDLE, asked->rest_ms);
  if (goes_on(of)) between_edges(of);
  rest(of, THIL_WINDOW_IDLE, asked->rest_ms);
  bool quiet = thil_port_quiet_end();
  if (goes_on(of) && !quiet) of->ended.status = THIL_WINDOW_DISTURBED;
  if (of->ended.proven > 0) thil_output_gather(&of->agent->loaded[asked->model], NULL, &of->ended.output);
}

uint8_t thil_command_window(thil_agent* agent, const void* request) {
  const thil_window* asked = request;
  bool infers = asked->kind == THIL_WINDOW_INFERENCE;
  if (asked->window == 0 || asked->kind - 1u >= THIL_WINDOW_SLEEP ||
      (asked->invokes | asked->length_ms | asked->rest_ms) > THIL_WINDOW_MAX) {
    return thil_refuse(agent, THIL_REFUSED_MALFORMED);
  }
  if (asked->window == agent->kept_window) return THIL_ID_window_ended;
  if (!thil_port_rest(infers ? THIL_REST_IDLE : (thil_rest_kind)asked->kind, 0)) {
    return thil_refuse(agent, THIL_REFUSED_REST);
  }
  const thil_run run = {.vector_slot = asked->vector_slot,
                        .first = asked->vector,
                        .count = 1,
                        .mode = THIL_RUN_MEASURE,
                        .form = THIL_RESULT_DIGEST,
                        .models = {&asked->model, 1}};
  agent->window = *asked;
  agent->window_due = !infers || thil_run_check(agent, &run) == THIL_ID_done;
  return agent->window_due ? THIL_ID_done : THIL_ID_refused;
}

/* The head is written twice: first to take its room in front of the layers. Layers that do not fit are left
   out all together. */
void thil_window_run(thil_agent* agent) {
  const thil_window* asked = &agent->window;
  window now = {.agent = agent, .ended = {.window = asked->window, .kind = asked->kind}};
  thil_writer* reply = thil_agent_reply(agent);
  thil_writer head = *reply;
  thil_window_ended_write(reply, &now.ended);
  uint8_t* layers = reply->at;
  agent->window_due = false;
  thil_fault_clear(); /* the host that asks for it has seen the record */
  run(&now);
  if (reply->failed) reply->at = layers;
  thil_window_ended_write(&head, &now.ended);
  thil_send_unasked(agent, THIL_ID_window_ended);
  agent->kept_window = asked->window;
}
