/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "command.h"
#include "output.h"
#include "thil/cursor.h"
#include "thil/fault.h"

enum {
  VECTORS_MAX = UINT16_MAX, /* what a run's `first` and `count` can number */
  FLUSHES_A_SECOND = 4,     /* of inference: a host that waits hears something */
  PART_MAX = THIL_MTU_MAX - 12,
};

static uint32_t vectors_held(const thil_slot_record* record, const thil_model* model) {
  uint32_t size = model->sizes[THIL_INPUT];
  uint32_t held = size != 0 ? record->size / size : 0;
  return held < VECTORS_MAX ? held : VECTORS_MAX;
}

static bool is_sound(const thil_run* run) {
  bool mode = run->mode - 1u < THIL_RUN_THROUGHPUT;
  bool form = run->form - 1u < THIL_RESULT_DIGEST && (run->form != THIL_RESULT_TOP_K || run->top_k > 0);
  return mode && form && run->models.size - 1u < THIL_MODELS_MAX;
}

static uint8_t check_model(thil_agent* agent, const thil_run* run, uint8_t slot,
                           const thil_slot_record* record) {
  if (thil_agent_slots_with(agent, THIL_SLOT_MODEL, slot) == NULL) return THIL_ID_refused;
  const thil_model* model = &agent->loaded[slot];
  if (model->engine == NULL) return thil_refuse(agent, THIL_REFUSED_NOT_LOADED);
  if (run->form == THIL_RESULT_TOP_K && model->element_size == 0) {
    return thil_refuse(agent, THIL_REFUSED_OUTPUTS);
  }
  uint32_t held = vectors_held(record, model);
  if ((uint32_t)run->first + run->count > held) return thil_refuse_with(agent, THIL_REFUSED_RANGE, held, "");
  if (thil_output_size(model, run) > THIL_OUTPUT_MAX) {
    return thil_refuse_with(agent, THIL_REFUSED_TOO_LARGE, THIL_OUTPUT_MAX, "top_k");
  }
  return THIL_ID_done;
}

uint8_t thil_run_check(thil_agent* agent, const thil_run* run) {
  if (!is_sound(run)) return thil_refuse(agent, THIL_REFUSED_MALFORMED);
  if (thil_agent_slots_with(agent, THIL_SLOT_VECTORS, run->vector_slot) == NULL) return THIL_ID_refused;
  const thil_slot_record* record = thil_slots_record(&agent->vectors, run->vector_slot);
  if (record->state != THIL_SLOT_FULL) return thil_refuse(agent, THIL_REFUSED_EMPTY_SLOT);
  for (size_t i = 0; i < run->models.size; ++i) {
    uint8_t checked = check_model(agent, run, run->models.bytes[i], record);
    if (checked != THIL_ID_done) return checked;
  }
  return THIL_ID_done;
}

uint8_t thil_command_run(thil_agent* agent, const void* request) {
  const thil_run* run = request;
  uint8_t checked = thil_run_check(agent, run);
  if (checked != THIL_ID_done) return checked;
  thil_job* job = &agent->job;
  job->request = *run;
  memcpy(job->models, run->models.bytes, run->models.size);
  job->model_count = (uint8_t)run->models.size;
  job->waiting = 0;
  job->results = 0;
  job->total = (uint32_t)run->count * run->repeats * job->model_count;
  job->in_parts = NULL;
  job->active = true;
  thil_fault_clear(); /* the host that runs again has seen the record */
  return THIL_ID_done;
}

/* One cell (vector, repeat) for one model. */
typedef struct inference {
  const thil_model* model;
  uint16_t slot; /* of the model */
  uint16_t vector;
  uint16_t repeat;
  uint8_t status; /* thil_result_status */
  bool quiet;     /* nothing else ran on the processor meanwhile */
  uint32_t clock;
  uint32_t timer;
} inference;

/* Every other cell goes through the models backwards. */
static inference next_inference(const thil_agent* agent) {
  const thil_job* job = &agent->job;
  uint32_t cell = job->results / job->model_count;
  uint32_t at = job->results % job->model_count;
  inference next = {0};
  next.slot = job->models[(cell & 1u) != 0 ? job->model_count - 1u - at : at];
  next.model = &agent->loaded[next.slot];
  next.vector = (uint16_t)(job->request.first + cell / job->request.repeats);
  next.repeat = (uint16_t)(cell % job->request.repeats);
  return next;
}

/* Both spans in units of 1 / (clock_hz * timer_hz) s, in which one tick of the slower counter is the faster
   one's rate. They may differ by a hundredth and two ticks. */
static bool clocks_agree(const thil_port_info* info, const inference* of) {
  if (info->clock_hz == 0 || info->timer_hz == 0) return true;
  uint64_t clock = (uint64_t)of->clock * info->timer_hz;
  uint64_t timer = (uint64_t)of->timer * info->clock_hz;
  uint32_t tick = info->clock_hz > info->timer_hz ? info->clock_hz : info->timer_hz;
  uint64_t apart = clock > timer ? clock - timer : timer - clock;
  uint64_t hundredth = (clock >> 7) + (clock >> 9); /* 0.98 %, without a division */
  return apart <= hundredth + (uint64_t)tick * 2;
}

/* Both counters are read in the same order before and after, so that their spans are equally long. */
static bool invoke(inference* now) {
  thil_port_quiet_begin();
  thil_port_trigger(true);
  thil_port_clock_restart();
  uint32_t timer = thil_port_timer();
  thil_engine_status status = thil_engine_invoke(now->model->engine);
  now->clock = thil_port_clock();
  now->timer = thil_port_timer() - timer;
  thil_port_trigger(false);
  now->quiet = thil_port_quiet_end();
  return status == THIL_ENGINE_OK;
}

void thil_vector_give(const thil_agent* agent, const thil_model* model, uint16_t slot, uint32_t vector) {
  const uint8_t* from = thil_slots_content(&agent->vectors, slot) + vector * (size_t)model->sizes[THIL_INPUT];
  thil_tensor_info info;
  uint8_t* input;
  thil_engine_reset(model->engine);
  for (uint32_t i = 0; (input = thil_engine_tensor(model->engine, THIL_INPUT, i, &info)) != NULL; ++i) {
    memcpy(input, from, info.bytes);
    from += info.bytes;
  }
}

static void infer(thil_agent* agent, inference* now) {
  const thil_run* run = &agent->job.request;
  thil_vector_give(agent, now->model, run->vector_slot, now->vector);
  thil_fault_enter(run->run, now->slot, run->ordinal + now->vector - run->first, now->repeat);
  bool good = invoke(now);
  thil_fault_leave();
  if (!good) {
    now->status = THIL_RESULT_INVOKE_FAILED;
  } else if (run->mode == THIL_RUN_MEASURE && (!now->quiet || thil_link_pending(&agent->link))) {
    now->status = THIL_RESULT_DISTURBED;
  } else if (!clocks_agree(agent->info, now)) {
    now->status = THIL_RESULT_CLOCK_SUSPECT;
  }
}

void thil_job_flush(thil_agent* agent) {
  thil_job* job = &agent->job;
  if (job->waiting == 0) return;
  job->waiting = 0;
  thil_send_unasked(agent, THIL_ID_results);
}

static void row_write(thil_agent* agent, const inference* of) {
  thil_job* job = &agent->job;
  const thil_run* run = &job->request;
  thil_writer* rows = &agent->link.payload;
  if (job->waiting == 0) {
    const thil_results head = {0, run->run, job->results, {NULL, 0}};
    job->clock = 0;
    thil_results_write(thil_link_begin(&agent->link), &head);
  }
  if (of->status != THIL_RESULT_INVOKE_FAILED && thil_output_in_parts(of->model, run)) {
    job->in_parts = of->model;
    job->part = 0;
  }
  uint8_t status = (uint8_t)(of->status | (job->in_parts != NULL ? THIL_RESULT_IN_PARTS : 0));
  thil_u8_put(rows, &status);
  thil_u32_put(rows, &of->clock);
  if (run->mode == THIL_RUN_MEASURE) thil_u32_put(rows, &of->timer);
  if (of->status != THIL_RESULT_INVOKE_FAILED) thil_output_put(rows, of->model, run);
  job->waiting++;
  job->clock += of->clock;
}

static void part_send(thil_agent* agent) {
  thil_job* job = &agent->job;
  thil_part part = {0, job->request.run, job->results - 1, job->part,
                    thil_output_from(job->in_parts, job->part)};
  if (part.content.size > PART_MAX) part.content.size = PART_MAX;
  thil_part_write(thil_agent_reply(agent), &part);
  thil_send_unasked(agent, THIL_ID_part);
  job->part += (uint32_t)part.content.size;
  if (job->part == job->in_parts->sizes[THIL_OUTPUT]) job->in_parts = NULL;
}

static bool flush_is_due(const thil_agent* agent) {
  const thil_job* job = &agent->job;
  if (job->waiting == job->request.batch || job->waiting == UINT8_MAX) return true;
  return job->clock >= agent->info->clock_hz / FLUSHES_A_SECOND;
}

void thil_job_end(thil_agent* agent) {
  thil_job* job = &agent->job;
  if (!job->active) return;
  const thil_run_ended ended = {0, job->request.run, job->results};
  thil_run_ended_write(thil_agent_reply(agent), &ended);
  job->active = false;
  thil_send_unasked(agent, THIL_ID_run_ended);
}

void thil_job_release(thil_agent* agent, const thil_slots* slots, uint16_t slot) {
  const thil_job* job = &agent->job;
  bool used = slots == &agent->vectors && slot == job->request.vector_slot;
  for (size_t i = 0; i < job->model_count; ++i) {
    used = used || (slots == &agent->models && slot == job->models[i]);
  }
  if (used) thil_job_end(agent);
}

void thil_job_step(thil_agent* agent) {
  thil_job* job = &agent->job;
  if (job->in_parts != NULL) {
    part_send(agent);
  } else if (job->results < job->total) {
    inference now = next_inference(agent);
    size_t row = THIL_ROW_HEAD + thil_output_size(now.model, &job->request);
    if (job->waiting > 0 && agent->link.payload.left < row) thil_job_flush(agent);
    if (!thil_link_sent(&agent->link)) return;
    infer(agent, &now);
    row_write(agent, &now);
    job->results++;
    if (flush_is_due(agent)) thil_job_flush(agent);
  }
  if (job->results == job->total && job->in_parts == NULL) thil_job_end(agent);
}
