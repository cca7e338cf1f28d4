/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command.h"

enum { VECTORS_MAX = UINT16_MAX }; /* what a result's `vector` can number */

static uint32_t vectors_held(const thil_slot_record* record, const thil_model* model) {
  uint32_t held = model->input_size != 0 ? record->size / model->input_size : 0;
  return held < VECTORS_MAX ? held : VECTORS_MAX;
}

uint8_t thil_command_run(thil_agent* agent, thil_reader* request, thil_writer* reply, thil_refused* why) {
  (void)reply;
  thil_run run;
  if (!thil_run_read(request, &run)) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "");
  if (run.mode != THIL_RUN_MEASURE) return thil_refuse(why, THIL_REFUSED_MALFORMED, 0, "mode");
  if (run.model_slot >= agent->models.count) {
    return thil_refuse(why, THIL_REFUSED_NO_SLOT, agent->models.count, "model");
  }
  if (run.vector_slot >= agent->vectors.count) {
    return thil_refuse(why, THIL_REFUSED_NO_SLOT, agent->vectors.count, "vectors");
  }
  const thil_model* model = &agent->loaded[run.model_slot];
  if (model->engine == NULL) return thil_refuse(why, THIL_REFUSED_NOT_LOADED, 0, "");
  thil_slot_record record = thil_slots_record(&agent->vectors, run.vector_slot);
  if (!record.full) return thil_refuse(why, THIL_REFUSED_EMPTY_SLOT, 0, "");
  uint32_t held = vectors_held(&record, model);
  if ((uint32_t)run.first + run.count > held) return thil_refuse(why, THIL_REFUSED_RANGE, held, "");
  const thil_job job = {run, 0, (uint32_t)run.count * run.repeats, true};
  agent->job = job;
  return THIL_ID_done;
}

/* Compares both spans in units of 1 / (clock_hz * timer_hz) s, in which one tick of the slower counter is the
   faster one's rate; seven bits are dropped so that the factor 100 fits. */
static bool clocks_agree(const thil_port_info* info, const thil_result* result) {
  if (info->clock_hz == 0 || info->timer_hz == 0) return true;
  uint64_t clock = (uint64_t)result->clock * info->timer_hz;
  uint64_t timer = (uint64_t)result->timer * info->clock_hz;
  uint64_t tick = info->clock_hz > info->timer_hz ? info->clock_hz : info->timer_hz;
  uint64_t longer = clock > timer ? clock : timer;
  uint64_t apart = clock > timer ? clock - timer : timer - clock;
  return 100 * (apart >> 7) <= (longer >> 7) + ((200 * tick) >> 7);
}

/* Both counters are read in the same order before and after, so that their spans are equally long. */
static thil_engine_status invoke(const thil_model* model, thil_result* result) {
  thil_port_trigger(true);
  thil_port_clock_restart();
  uint32_t timer = thil_port_timer();
  thil_engine_status status = thil_engine_invoke(model->engine);
  result->clock = thil_port_clock();
  result->timer = thil_port_timer() - timer;
  thil_port_trigger(false);
  return status;
}

static thil_bytes vector_of(const thil_agent* agent, const thil_model* model, uint16_t vector) {
  const uint8_t* content = thil_slots_content(&agent->vectors, agent->job.request.vector_slot);
  const thil_bytes bytes = {content + (size_t)vector * model->input_size, model->input_size};
  return bytes;
}

static void infer(thil_agent* agent, const thil_model* model, thil_result* result) {
  thil_bytes vector = vector_of(agent, model, result->vector);
  memcpy(thil_engine_input(model->engine), vector.bytes, vector.size);
  thil_engine_status status = invoke(model, result);
  if (status != THIL_ENGINE_OK) {
    result->status = THIL_RESULT_INVOKE_FAILED;
    return;
  }
  bool disturbed = thil_link_pending(&agent->link) || !clocks_agree(agent->info, result);
  result->status = disturbed ? THIL_RESULT_CLOCK_SUSPECT : THIL_RESULT_OK;
  result->output.bytes = thil_engine_output(model->engine);
  result->output.size = model->output_size;
}

static void send_unasked(thil_agent* agent, uint8_t type, const thil_writer* payload) {
  thil_link* link = &agent->link;
  thil_envelope envelope = {type, 0, link->epoch, link->window, link->expected_seq};
  if (agent->job.active) envelope.credit = 0;
  thil_link_send(link, &envelope, payload);
}

void thil_job_end(thil_agent* agent) {
  if (!agent->job.active) return;
  agent->job.active = false;
  thil_run_ended ended = {0};
  ended.run = agent->job.request.run;
  ended.results = agent->job.results;
  thil_writer payload = thil_link_payload();
  thil_run_ended_write(&payload, &ended);
  send_unasked(agent, THIL_ID_run_ended, &payload);
}

void thil_job_step(thil_agent* agent) {
  thil_job* job = &agent->job;
  if (job->results < job->total) {
    thil_result result = {0};
    result.run = job->request.run;
    result.vector = (uint16_t)(job->request.first + job->results / job->request.repeats);
    result.repeat = (uint16_t)(job->results % job->request.repeats);
    infer(agent, &agent->loaded[job->request.model_slot], &result);
    thil_writer payload = thil_link_payload();
    thil_result_write(&payload, &result);
    send_unasked(agent, THIL_ID_result, &payload);
    job->results++;
  }
  if (job->results == job->total) thil_job_end(agent);
}
