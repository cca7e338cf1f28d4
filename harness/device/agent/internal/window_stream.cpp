// SPDX-License-Identifier: Apache-2.0
#include "window_stream.hpp"

#include <algorithm>
#include <string>

#include "device/run_request.hpp"
#include "refusal.hpp"
#include "thil/cursor.h"

namespace tinyhil::device {

namespace {

using std::chrono::milliseconds;

constexpr int kAttemptsMax = 3;           // disturbed ones, until it is no use
constexpr milliseconds kAskedMost{4000};  // how long a silent device is asked
constexpr milliseconds kAskPause{200};

static_assert(static_cast<int>(WindowKind::inference) == THIL_WINDOW_INFERENCE);
static_assert(static_cast<int>(WindowKind::idle) == THIL_WINDOW_IDLE);
static_assert(static_cast<int>(WindowKind::sleep) == THIL_WINDOW_SLEEP);

bool infers(const WindowRequest& request) { return request.kind == WindowKind::inference; }

// At least that long it takes, where the device's clock is ours.
milliseconds length_of(const WindowRequest& request) {
  return 2 * request.rest + (infers(request) ? milliseconds(0) : request.length);
}

milliseconds limit_of(const WindowRequest& request) {
  return length_of(request) + (infers(request) ? request.invokes * request.inference_limit : milliseconds(0));
}

std::uint32_t in_range(std::int64_t count) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, UINT32_MAX));  // the device refuses it
}

thil_window message_of(const WindowRequest& request, std::uint32_t number) {
  thil_window window{};
  window.window = number;
  window.kind = static_cast<std::uint8_t>(request.kind);
  window.flags = request.layers ? THIL_WINDOW_LAYERS : 0;
  window.model = request.model_slot;
  window.vector_slot = request.vector_slot;
  window.vector = request.vector;
  window.invokes = infers(request) ? request.invokes : 0;
  window.length_ms = infers(request) ? 0 : in_range(request.length.count());
  window.rest_ms = in_range(request.rest.count());
  return window;
}

// Ascending; nothing when they are not, or cut short.
std::optional<std::vector<std::uint32_t>> layers_of(thil_bytes bytes) {
  std::vector<std::uint32_t> ends;
  thil_reader from{bytes.bytes, bytes.size, false};
  while (from.left > 0 && !from.failed) thil_u32_get(&from, &ends.emplace_back());
  if (from.failed || !std::ranges::is_sorted(ends)) return std::nullopt;
  return ends;
}

bool can_be_of(const thil_window_ended& ended, const WindowRequest& request) {
  const std::uint32_t asked = infers(request) ? request.invokes : 0;
  const bool whole = ended.status == THIL_WINDOW_WHOLE;
  const bool failed = ended.status == THIL_WINDOW_INVOKE_FAILED && ended.proven < asked;
  return ended.kind == static_cast<std::uint8_t>(request.kind) &&
         ((whole && ended.proven == asked) || failed || ended.status == THIL_WINDOW_DISTURBED);
}

}  // namespace

WindowStream::WindowStream(WindowRequest request) : request_(request) {}

void WindowStream::post(Session& session, State next, Time now) {
  if (number_ == 0) {
    while (number_ == 0) number_ = run_id(request_.tag, session.number_run());
    counted_ = false;
  }
  frames_bad_ = session.counters().frames_bad;
  was_damaged_ = false;
  sequence_ = session.post(THIL_ID_window, pack(message_of(request_, number_)));
  state_ = next;
  if (next == State::posted) begun_ = now;
}

Time WindowStream::due(const Session& session) const {
  return begun_ + limit_of(request_) + std::max<std::chrono::nanoseconds>(session.patience(), kAskPause);
}

// What is damaged while the window may still be under way says nothing: nobody sent it.
void WindowStream::note_damage(const Session& session, Time now) {
  const std::uint32_t bad = session.counters().frames_bad;
  if (bad != frames_bad_ && now >= begun_ + length_of(request_)) was_damaged_ = true;
  frames_bad_ = bad;
}

void WindowStream::fill(Session& session, Time now) {
  if (finished()) return;
  if (state_ == State::waiting) {
    if (next_try_ == Time{}) next_try_ = now + session.patience();
    if (session.room() || now >= next_try_) post(session, State::posted, now);
    return;
  }
  note_damage(session, now);
  if (state_ == State::asked) {
    if (now >= *asked_since_ + kAskedMost) {
      fault_ = Fault{FaultKind::timeout,
                     "no answer to an energy window within " + std::to_string(limit_of(request_).count()) +
                         " ms, nor to questions in " + std::to_string(kAskedMost.count()) + " ms more",
                     {},
                     "the device hangs, is slower than was measured, or its line is dead"};
    } else if (now >= next_try_) {
      post(session, State::asked, now);
      next_try_ = now + std::max<std::chrono::nanoseconds>(session.patience(), kAskPause);
    }
  } else if (was_damaged_ || now >= due(session)) {
    asked_since_ = now;
    post(session, State::asked, now);
    next_try_ = now + std::max<std::chrono::nanoseconds>(session.patience(), kAskPause);
  }
}

Time WindowStream::wake(const Session& session) const {
  if (state_ == State::waiting) return next_try_;
  if (state_ == State::asked) return std::min(next_try_, *asked_since_ + kAskedMost);
  return was_damaged_ ? Time::min() : due(session);
}

void WindowStream::take(const FrameView& frame, Session& session, Time now) {
  if (finished() || state_ == State::waiting) return;
  if (frame.header.type == THIL_ID_window_ended) {
    take_end(frame);
  } else if ((frame.header.flags & THIL_FRAME_REPLY) != 0) {
    take_reply(frame, now);
  }
  if (state_ != State::posted || finished() || !is_before(sequence_, session.answered())) return;
  if (!counted_) ++attempts_;  // it, or its `done`, was lost
  counted_ = true;
  state_ = State::waiting;
  next_try_ = now;
}

// `done` means that a window begins now, the answer to an earlier one of this number being gone.
void WindowStream::take_reply(const FrameView& frame, Time now) {
  if (frame.header.ack != sequence_) return;
  if (const auto refusal = unpack<thil_refused>(frame)) {
    fault_ = explain(*refusal);
  } else if (frame.header.type == THIL_ID_done) {
    if (asked_since_ && !counted_) ++attempts_;
    state_ = State::running;
    begun_ = now;
    asked_since_.reset();
    counted_ = true;
    ++attempts_;
  }
}

void WindowStream::take_end(const FrameView& frame) {
  const auto ended = unpack<thil_window_ended>(frame);
  if (ended && ended->window != number_) return;  // of an earlier one
  if (!ended || !can_be_of(*ended, request_)) {
    fault_ = malformed("window_ended");
    return;
  }
  if (!counted_) ++attempts_;  // its `done` was lost
  if (ended->status == THIL_WINDOW_DISTURBED) {
    take_disturbed();
    return;
  }
  const std::optional<std::vector<std::uint32_t>> layers = layers_of(ended->layers);
  if (!layers) {
    fault_ = malformed("window_ended");
    return;
  }
  WindowReport report;
  report.proven = ended->proven;
  report.timer_ticks = std::uint64_t{ended->ticks_high} << 32 | ended->ticks_low;
  std::copy_n(ended->output.bytes, report.output.bytes.size(), report.output.bytes.begin());
  report.layer_ends = *layers;
  report.attempts = attempts_;
  report_ = std::move(report);
}

// By us, when we asked too early; else by whatever else is on the line, or runs on the board.
void WindowStream::take_disturbed() {
  const std::string times = std::to_string(kAttemptsMax) + " times";
  if (++disturbed_ == kAttemptsMax && asked_since_) {
    fault_ = Fault{
        FaultKind::timeout,
        "an energy window took longer than " + std::to_string(limit_of(request_).count()) + " ms, " + times,
        {},
        "the device is slower than was measured"};
  } else if (disturbed_ == kAttemptsMax) {
    fault_ =
        Fault{FaultKind::corrupt,
              "an energy window was disturbed " + times + ": bytes arrived, or something else ran",
              {},
              "see that nothing else talks on the line, and that no other task runs (thil_port_quiet_begin)"};
  }
  asked_since_.reset();
  number_ = 0;
  state_ = State::waiting;
  next_try_ = Time{};
}

}  // namespace tinyhil::device
