// SPDX-License-Identifier: Apache-2.0
#include "run_stream.hpp"

#include <algorithm>

#include "device/agent/internal/refusal.hpp"
#include "model/inference_rows.hpp"

namespace tinyhil::device {

namespace {

using std::chrono::milliseconds;

constexpr int kEmptyRoundsMax = 12;         // rounds of asking again that bring nothing
constexpr int kDisturbedMax = 3;            // such rounds, until a disturbed row is better than none
constexpr std::uint8_t kCarefulBatch = 16;  // rows of a frame on a line that loses some
constexpr milliseconds kFlushEvery{1000};

// Both are cast to the wire's numbers.
static_assert(static_cast<int>(RunMode::measure) == THIL_RUN_MEASURE);
static_assert(static_cast<int>(RunMode::throughput) == THIL_RUN_THROUGHPUT);
static_assert(static_cast<int>(ResultForm::full) == THIL_RESULT_FULL);
static_assert(static_cast<int>(ResultForm::top_k) == THIL_RESULT_TOP_K);
static_assert(static_cast<int>(ResultForm::digest) == THIL_RESULT_DIGEST);

thil_run message_of(const RunRequest& request) {
  thil_run run{};
  run.vector_slot = request.vector_slot;
  run.repeats = request.repeats;
  run.mode = static_cast<std::uint8_t>(request.mode);
  run.top_k = request.top_k;
  return run;
}

}  // namespace

RunStream::RunStream(std::vector<RunRequest> requests, Available available, Sink sink,
                     std::chrono::nanoseconds utc)
    : requests_(std::move(requests)), available_(std::move(available)), sink_(std::move(sink)), utc_(utc) {}

std::optional<std::size_t> RunStream::current() const {
  if (!grid_ || grid_->complete()) return std::nullopt;
  return current_;
}

void RunStream::fill(Session& session, Time now) {
  if (finished()) return;
  while (!grid_ && current_ < requests_.size()) {
    if (current_ >= available_()) return;
    grid_.emplace(requests_[current_]);
    frames_bad_ = session.counters().frames_bad;
    batch_ = requests_[current_].batch;
    last_flush_ = now;
    empty_rounds_ = 0;
    begin_round(now);
    next_probe_ = now + session.patience();
  }
  if (finished()) return;
  if (run_) {
    watch(session, now);
  } else if (!ranges_.empty() && (session.room() || now >= next_probe_)) {
    post_run(session, now);
  }
}

void RunStream::begin_round(Time now) {
  note_progress(now);
  const std::vector<VectorRange> ranges = grid_->missing_ranges();
  ranges_.assign(ranges.begin(), ranges.end());
  missing_before_ = grid_->missing();
  if (!grid_->complete()) return;
  grid_.reset();  // nothing was wanted of it
  ++current_;
}

void RunStream::post_run(Session& session, Time now) {
  const RunRequest& request = grid_->request();
  Run run;
  run.asked.range = ranges_.front();
  ranges_.pop_front();
  run.asked.id = run_id(request.tag, session.number_run());
  run.asked.form = grid_->next_form();
  run.total = static_cast<std::uint32_t>(run.asked.range.count * request.repeats * request.models.size());
  std::vector<std::uint8_t> slots;
  for (const RunModel& model : request.models) slots.push_back(model.slot);
  thil_run message = message_of(request);
  message.run = run.asked.id;
  message.ordinal = request.position.value + run.asked.range.first - request.first;
  message.first = run.asked.range.first;
  message.count = run.asked.range.count;
  message.form = static_cast<std::uint8_t>(run.asked.form);
  message.batch = batch_;
  message.models = {slots.data(), slots.size()};
  run.sequence = session.post(THIL_ID_run, pack(message));
  run_ = run;
  hear(now);
  last_results_ = now;
  probes_ = 0;
  next_probe_ = now + session.patience();
}

void RunStream::take(const FrameView& frame, Session& session, Time now) {
  if (finished() || !grid_) return;
  const bool is_reply = (frame.header.flags & THIL_FRAME_REPLY) != 0;
  if (frame.header.type == THIL_ID_health && !is_reply) {
    ++unasked_;
    return;
  }
  const std::optional<Time> overdue = overdue_;
  const milliseconds limit_before = limit();
  hear(now);
  if (!run_) return;
  const bool was_accepted = run_->accepted;
  is_reply ? take_reply(frame, now) : take_results(frame, now);
  if (overdue && !fault_) judge_lateness(frame, now - *overdue, limit_before);
  if (fault_) return;
  note_acceptance(was_accepted, now);
  take_back_passed_over(session);
  end_round_if_empty(now);
  if (grid_ && grid_->has_new_rows() && now - last_flush_ >= kFlushEvery) flush(now);
  end_request_if_complete();
}

void RunStream::note_acceptance(bool was_accepted, Time now) {
  accepted_ = accepted_ || !run_ || run_->accepted;
  if (run_ && run_->accepted && !was_accepted) note_progress(now);
}

// A run that the device went past in silence.
void RunStream::take_back_passed_over(const Session& session) {
  if (!run_ || run_->accepted || !is_before(run_->sequence, session.answered())) return;
  ranges_.push_front(run_->asked.range);
  run_.reset();
}

void RunStream::end_request_if_complete() {
  if (!grid_ || !grid_->complete()) return;
  hand_over_rest();
  grid_.reset();
  run_.reset();
  ++current_;
}

void RunStream::take_reply(const FrameView& frame, Time now) {
  if (frame.header.ack == run_->sequence) {
    if (const auto refusal = unpack<thil_refused>(frame)) fault_ = explain(*refusal);
    run_->accepted = true;
    next_probe_ = probe_after(now);
  } else if (const auto health = unpack<thil_health>(frame)) {
    if (health->run == run_->asked.id) {
      run_->accepted = true;
      if (health->results > run_->front) last_results_ = now;  // lost ones, of which no gap is to be learnt
      advance(health->results, now);
    } else if (run_->accepted) {
      end_run(now);
    }
  }
}

void RunStream::take_results(const FrameView& frame, Time now) {
  if (const auto ended = unpack<thil_run_ended>(frame)) {
    if (ended->run == run_->asked.id) end_run(now);
    return;
  }
  if (const auto part = unpack<thil_part>(frame)) {
    if (part->run == run_->asked.id) take_part(*part, now);
    return;
  }
  const auto results = unpack<thil_results>(frame);
  if (!results || results->run != run_->asked.id) return;
  run_->accepted = true;
  const auto received = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch() + utc_);
  const std::optional<std::uint32_t> next =
      grid_->add(run_->asked, results->first, results->rows, received.count());
  if (!next) {
    fault_ = malformed("results");
    return;
  }
  if (results->first == run_->front) {
    longest_gap_ = std::max<std::chrono::nanoseconds>(longest_gap_, now - last_results_);
  }
  note_models();
  last_results_ = now;
  probes_ = 0;
  next_probe_ = probe_after(now);
  advance(*next, now);
  run_->in_parts = run_->in_parts || grid_->has_begun_outputs();
  if (run_->front == run_->total && !run_->in_parts) end_run(now);
}

// Parts are progress only as far as the run has outputs: a device might send them for ever.
void RunStream::take_part(const thil_part& part, Time now) {
  run_->in_parts = true;
  if (!grid_->add_part(run_->asked.range, part.inference, part.offset, part.content)) {
    fault_ = malformed("part");
    return;
  }
  last_results_ = now;
  next_probe_ = probe_after(now);
  const std::uint64_t most = std::uint64_t{run_->total} * grid_->largest_output();
  run_->part_bytes += part.content.size;
  if (part.content.size > 0 && run_->part_bytes <= most) note_progress(now);
}

// A run of n inferences can show n times that it goes on.
void RunStream::advance(std::uint32_t front, Time now) {
  front = std::min(front, run_->total);
  if (front <= run_->front) return;
  run_->front = front;
  note_progress(now);
}

void RunStream::end_run(Time now) {
  run_.reset();
  note_progress(now);
}

void RunStream::end_round_if_empty(Time now) {
  if (run_ || !ranges_.empty() || grid_->complete()) return;
  empty_rounds_ = grid_->missing() < missing_before_ ? 0 : empty_rounds_ + 1;
  if (empty_rounds_ > kEmptyRoundsMax) {
    fault_ = Fault{FaultKind::corrupt,
                   std::to_string(grid_->missing()) + " results of a run keep getting lost",
                   {},
                   "check the cable, lower the baud rate"};
    return;
  }
  if (empty_rounds_ >= kDisturbedMax) grid_->accept_disturbed();
  batch_ = batch_ == 0 ? kCarefulBatch : std::max<std::uint8_t>(1, batch_ / 2);
  begin_round(now);
}

void RunStream::hand_over_rest() {
  if (!grid_) return;
  flush(last_flush_);
  unsteady_.insert(unsteady_.end(), grid_->unsteady().begin(), grid_->unsteady().end());
}

void RunStream::flush(Time now) {
  last_flush_ = now;
  for (std::size_t model = 0; model < requests_[current_].models.size(); ++model) {
    const InferenceRows rows = grid_->take(model);
    if (rows.size() > 0) sink_(current_, model, rows);
  }
}

Time RunStream::wake(const Session& /*session*/) const {
  if (!grid_) return Time::max();
  if (!run_) return next_probe_;
  return std::min(next_probe_, deadline());
}

}  // namespace tinyhil::device
