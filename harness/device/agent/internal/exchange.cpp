// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <algorithm>

#include "refusal.hpp"

namespace tinyhil::device {

namespace {

constexpr std::size_t kAttemptsMax = 100;
constexpr int kTriesPerLimit = 8;  // one lost packet may hold several in a row

}  // namespace

Exchange::Exchange(std::uint8_t type, std::vector<std::uint8_t> payload, Patience patience)
    : type_(type), payload_(std::move(payload)), patience_(patience) {}

std::chrono::nanoseconds Exchange::pause(const Session& session) const {
  const std::chrono::nanoseconds most = patience_.limit / kTriesPerLimit;
  const std::chrono::nanoseconds wanted = session.patience() * (1 << std::min(tries_on_silence_, 4));
  return std::max<std::chrono::nanoseconds>(std::min(wanted, most), patience_.at_least);
}

void Exchange::send(Session& session, Time now) {
  attempts_.push_back({session.post(type_, payload_), now});
  lost_ = false;
  next_try_ = now + pause(session);
}

// What arrived damaged was probably the answer: no need to wait until it is overdue. But a line that only
// babbles is not answered in kind.
void Exchange::note_damage(const Session& session, Time now) {
  const std::uint32_t bad = session.counters().frames_bad;
  if (bad == frames_bad_ || attempts_.empty()) return;
  frames_bad_ = bad;
  tries_on_silence_ = 0;
  hasten(now);
}

void Exchange::hasten(Time now) {
  next_try_ = std::min(next_try_, std::max(now, attempts_.back().sent + patience_.at_least));
}

void Exchange::fill(Session& session, Time now) {
  if (finished()) return;
  note_damage(session, now);
  if (attempts_.empty()) {
    if (next_try_ == Time{}) next_try_ = now + session.patience();
    if (!session.room() && now < next_try_) return;  // what takes the room may itself be lost
    begun_ = now;
    last_sign_of_life_ = now;
    frames_bad_ = session.counters().frames_bad;
    send(session, now);
  } else if (now >= deadline()) {
    fault_ = Fault{FaultKind::timeout,
                   std::string("no answer to `") + thil_message_name(type_) + "` within " +
                       std::to_string(patience_.limit.count()) + " ms",
                   {},
                   "check power, cable and port; see that the agent's image runs on the board"};
  } else if (lost_ && attempts_.size() == kAttemptsMax) {
    fault_ = Fault{FaultKind::corrupt,
                   std::string("`") + thil_message_name(type_) + "` or its answer was lost " +
                       std::to_string(kAttemptsMax) + " times",
                   {},
                   "check the cable, lower the baud rate"};
  } else if (lost_) {
    send(session, now);
  } else if (now >= next_try_) {
    ++tries_on_silence_;
    if (patience_.is_long_work || attempts_.size() == kAttemptsMax) {
      session.post(THIL_ID_check, {});
      next_try_ = now + pause(session);
    } else {
      send(session, now);
    }
  }
}

void Exchange::take(const FrameView& frame, Session& session, Time now) {
  if (finished() || attempts_.empty()) return;
  if (frame.header.type == THIL_ID_booted) hasten(now);  // it did not hear what was sent before
  if ((frame.header.flags & THIL_FRAME_REPLY) != 0) {
    last_sign_of_life_ = now;  // what nobody asked for is none: it may come for ever
    for (const Attempt& attempt : attempts_) {
      if (attempt.sequence != frame.header.ack) continue;
      if (const auto refusal = unpack<thil_refused>(frame)) {
        fault_ = explain(*refusal);
      } else {
        reply_.emplace(frame);
      }
      if (!patience_.is_long_work) session.answered_after(now - attempt.sent);
      return;
    }
  }
  lost_ = is_before(attempts_.back().sequence, session.answered());
}

Time Exchange::deadline() const {
  if (!patience_.is_long_work) return begun_ + patience_.limit;
  return std::min(last_sign_of_life_ + patience_.limit, begun_ + kTalkFactor * patience_.limit);
}

Time Exchange::wake(const Session& /*session*/) const {
  if (attempts_.empty()) return next_try_;
  if (lost_) return Time::min();
  return std::min(next_try_, deadline());
}

}  // namespace tinyhil::device
