// SPDX-License-Identifier: Apache-2.0
#include "run_stream.hpp"

#include <algorithm>

#include "refusal.hpp"

namespace tinyhil {

namespace {

using std::chrono::milliseconds;

constexpr int kFruitlessMax = 12;           // rounds of asking again that bring nothing
constexpr int kDisturbedMax = 3;            // such rounds, until a disturbed row is better than none
constexpr std::uint8_t kCarefulBatch = 16;  // rows of a frame on a line that loses some
constexpr milliseconds kFlushEvery{1000};
constexpr milliseconds kFirstProbe{1000};
constexpr milliseconds kProbeMin{200};
constexpr milliseconds kAgainMin{50};
constexpr int kProbesPerLimit = 16;  // one lost packet may hold several in a row

thil_run message_of(const RunRequest& request) {
  thil_run run{};
  run.vector_slot = request.vector_slot;
  run.repeats = request.repeats;
  run.mode = static_cast<std::uint8_t>(request.mode);
  run.top_k = request.top_k;
  return run;
}

}  // namespace

RunStream::RunStream(std::vector<RunRequest> requests, Available available, Sink sink)
    : requests_(std::move(requests)), available_(std::move(available)), sink_(std::move(sink)) {}

std::optional<std::size_t> RunStream::current() const {
  if (!grid_ || grid_->complete()) return std::nullopt;
  return current_;
}

void RunStream::fill(Session& session, Time now) {
  if (finished()) return;
  while (!grid_ && current_ < requests_.size()) {
    if (current_ >= available_()) return;
    grid_.emplace(requests_[current_]);
    batch_ = requests_[current_].batch;
    last_flush_ = now;
    fruitless_ = 0;
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
  last_progress_ = now;
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
  run.range = ranges_.front();
  ranges_.pop_front();
  run.id = request.tag << 8 | session.number_run();
  run.form = grid_->next_form();
  run.total = static_cast<std::uint32_t>(run.range.count * request.repeats * request.models.size());
  std::vector<std::uint8_t> slots;
  for (const RunModel& model : request.models) slots.push_back(model.slot);
  thil_run message = message_of(request);
  message.run = run.id;
  message.ordinal = request.ordinal + run.range.first - request.first;
  message.first = run.range.first;
  message.count = run.range.count;
  message.form = static_cast<std::uint8_t>(run.form);
  message.batch = batch_;
  message.models = {slots.data(), slots.size()};
  run.sequence = session.post(THIL_ID_run, pack(message));
  run_ = run;
  last_sign_of_life_ = now;
  last_results_ = now;
  probes_ = 0;
  next_probe_ = now + session.patience();
}

// An answer to `check` shows whether the run goes on, and whether its command or its end were lost.
void RunStream::watch(Session& session, Time now) {
  const RunRequest& request = grid_->request();
  if (now >= deadline()) {
    fault_ = Fault{FaultKind::timeout,
                   "no result within " + std::to_string(request.inference_timeout.count()) + " ms; " +
                       std::to_string(grid_->missing()) + " of the range are missing, the first is vector " +
                       std::to_string(grid_->first_missing()),
                   {},
                   "the device hangs or is slower than `inference_timeout` allows"};
  } else if (now >= next_probe_) {
    session.post(THIL_ID_check, {});
    ++probes_;
    // What is disturbed by the first is not by the next.
    const std::chrono::nanoseconds most = std::max(kAgainMin, request.inference_timeout / kProbesPerLimit);
    next_probe_ = now + std::min(session.patience() * (1 << std::min(probes_, 6)), most);
  }
}

void RunStream::take(const FrameView& frame, Session& session, Time now) {
  if (finished() || !grid_) return;
  last_sign_of_life_ = now;
  if (!run_) return;
  if ((frame.header.flags & THIL_FRAME_REPLY) != 0) {
    take_reply(frame, now);
  } else {
    take_results(frame, now);
  }
  if (fault_) return;
  accepted_ = accepted_ || !run_ || run_->accepted;
  if (run_ && !run_->accepted && is_before(run_->sequence, session.answered())) {
    ranges_.push_front(run_->range);  // the device went past it in silence
    run_.reset();
  }
  end_round_if_empty(now);
  if (grid_ && grid_->has_new_rows() && now - last_flush_ >= kFlushEvery) flush(now);
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
    next_probe_ = probe_after(kFirstProbe, now);
  } else if (const auto health = unpack<thil_health>(frame)) {
    if (health->run == run_->id) {
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
    if (ended->run == run_->id) end_run(now);
    return;
  }
  const auto results = unpack<thil_results>(frame);
  if (!results || results->run != run_->id) return;
  run_->accepted = true;
  const std::optional<std::uint32_t> next =
      grid_->add(run_->range, run_->form, results->first, results->rows);
  if (!next) {
    fault_ = malformed("results");
    return;
  }
  if (results->first == run_->front) {
    longest_gap_ = std::max<std::chrono::nanoseconds>(longest_gap_, now - last_results_);
  }
  last_results_ = now;
  probes_ = 0;
  const auto first = longest_gap_ == std::chrono::nanoseconds(0) ? kFirstProbe : kProbeMin;
  next_probe_ = probe_after(first, now);
  advance(*next, now);
  if (run_->front == run_->total) end_run(now);
}

// A run of n inferences can show n times that it goes on.
void RunStream::advance(std::uint32_t front, Time now) {
  front = std::min(front, run_->total);
  if (front <= run_->front) return;
  run_->front = front;
  last_progress_ = now;
}

void RunStream::end_run(Time now) {
  run_.reset();
  last_progress_ = now;
}

// Not while results come as they did, but early enough for an answer before the device is given up.
Time RunStream::probe_after(std::chrono::nanoseconds least, Time now) const {
  const std::chrono::nanoseconds limit = grid_->request().inference_timeout;
  return now + std::min(std::max(least, 4 * longest_gap_), limit / 2);
}

Time RunStream::deadline() const {
  const milliseconds limit = grid_->request().inference_timeout;
  return std::min(last_sign_of_life_ + limit, last_progress_ + kTalkFactor * limit);
}

void RunStream::end_round_if_empty(Time now) {
  if (run_ || !ranges_.empty() || grid_->complete()) return;
  fruitless_ = grid_->missing() < missing_before_ ? 0 : fruitless_ + 1;
  if (fruitless_ > kFruitlessMax) {
    fault_ = Fault{FaultKind::corrupt,
                   std::to_string(grid_->missing()) + " results of a run keep getting lost",
                   {},
                   "check the cable, lower the baud rate"};
    return;
  }
  if (fruitless_ >= kDisturbedMax) grid_->accept_disturbed();
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

}  // namespace tinyhil
