// SPDX-License-Identifier: Apache-2.0
// What a PushStream does while nothing comes: how long it waits, and what it then sends again.
#include <algorithm>

#include "push_stream.hpp"

namespace tinyhil::device {

// The longer nothing comes, the longer the pause before the next try.
void PushStream::await_answer(const Session& session, Time now) {
  next_try_ = now + session.patience() * (1 << std::min(silent_tries_, 5));
}

// What arrived damaged was probably what is waited for: somebody is there, and is asked again soon.
void PushStream::note_damage(const Session& session, Time now) {
  const std::uint32_t bad = session.counters().frames_bad;
  if (bad == frames_bad_) return;
  frames_bad_ = bad;
  last_sign_of_life_ = now;
  silent_tries_ = 0;
  if (!flights_.empty()) next_try_ = std::min(next_try_, now + session.patience());
}

// Nothing came for long: the oldest frame is sent again, whether there is room or not, and asks. The end of a
// block makes the device work; whether it is still at it shows when it answers something else.
void PushStream::time_out(Session& session, Time now) {
  if (flights_.empty()) return;
  ++silent_tries_;
  since_asked_ = kAskEvery;
  const Flight oldest = flights_.front();
  if (oldest.stage == Stage::end) {
    session.post(THIL_ID_check, {});
    await_answer(session, now);
    return;
  }
  flights_.pop_front();
  if (oldest.stage == Stage::chunks) {
    settle(oldest, false, now);
    send_chunk(session, now, oldest.block);
  } else {
    progress_[oldest.block].under_way = false;
    send_mark(session, now, oldest.block);
  }
}

Time PushStream::wake(const Session& /*session*/) const {
  return std::min(
      {next_try_, last_sign_of_life_ + silence_limit_, last_progress_ + kTalkFactor * silence_limit_});
}

}  // namespace tinyhil::device
