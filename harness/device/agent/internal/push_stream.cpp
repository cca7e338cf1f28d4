// SPDX-License-Identifier: Apache-2.0
#include "push_stream.hpp"

#include <algorithm>

#include "refusal.hpp"

namespace tinyhil::device {

namespace {

constexpr std::size_t kPayloadMax = THIL_MTU_MAX;
constexpr std::size_t kPayloadMin = 96;
constexpr std::size_t kOpenBlocks = 3;    // one being digested, one being filled, one being opened
constexpr unsigned kRetreatsMax = 8;      // blocks begun again, while none ends
constexpr unsigned kLostInARowMax = 400;  // frames: the line carries nothing

}  // namespace

PushStream::PushStream(std::vector<PushBlock> blocks, std::chrono::milliseconds silence_limit)
    : blocks_(std::move(blocks)),
      progress_(blocks_.size()),
      chunk_size_(kPayloadMax),
      silence_limit_(silence_limit) {}

void PushStream::fill(Session& session, Time now) {
  if (finished()) return;
  if (last_sign_of_life_ == Time{}) {
    last_progress_ = last_sign_of_life_ = now;
    frames_bad_ = session.counters().frames_bad;
  }
  note_damage(session, now);
  if (now - last_sign_of_life_ >= silence_limit_ || now - last_progress_ >= kTalkFactor * silence_limit_) {
    fault_ = Fault{
        FaultKind::timeout,
        "the device says nothing to what is pushed for " + std::to_string(silence_limit_.count()) + " ms",
        {},
        "check power and cable; the device may hang"};
    return;
  }
  if (now >= next_try_) time_out(session, now);
  while (session.room() && send_next(session, now)) {
  }
}

// The end of a block before anything else, then the beginning of the next, then chunks.
bool PushStream::send_next(Session& session, Time now) {
  const std::size_t open = std::min(first_ + kOpenBlocks, blocks_.size());
  for (std::size_t block = first_; block < open; ++block) {
    if (send_mark(session, now, block)) return true;
    if (progress_[block].stage == Stage::begin) break;
  }
  for (std::size_t block = first_; block < open; ++block) {
    if (has_chunk(block)) return send_chunk(session, now, block);
  }
  return false;
}

bool PushStream::send_mark(Session& session, Time now, std::size_t index) {
  Progress& progress = progress_[index];
  const PushBlock& block = blocks_[index];
  if (progress.under_way || (progress.stage != Stage::begin && progress.stage != Stage::end)) return false;
  PayloadBuffer buffer;
  const PushFrame frame =
      progress.stage == Stage::begin ? begin_frame(block, buffer) : end_frame(block, buffer);
  const std::uint16_t sequence = session.post(frame.type, frame.payload);
  progress.under_way = true;
  progress.is_ended = progress.stage == Stage::end;
  flights_.push_back({sequence, now, index, progress.stage, {}, false});
  await_answer(session, now);
  return true;
}

bool PushStream::has_chunk(std::size_t index) const {
  const Progress& progress = progress_[index];
  return progress.stage == Stage::chunks &&
         (!progress.lost.empty() || progress.unsent < blocks_[index].content.size());
}

// A report is on its way.
bool PushStream::is_asked() const {
  return std::any_of(flights_.begin(), flights_.end(), [](const Flight& flight) { return flight.asks; });
}

// When half a window has gone unreported, and before falling silent.
bool PushStream::asks(const Session& session, std::size_t index) const {
  const std::size_t next = std::min(index + 1, blocks_.size() - 1);
  return since_asked_ + 1 >= std::min(kAskEvery, std::max(1U, session.credit() / 2)) ||
         (session.is_last_room() && !is_asked()) ||
         (!has_chunk(index) && (next == index || !has_chunk(next)));
}

// A packed chunk begins with what grows with the stride.
std::size_t PushStream::chunk_size(std::size_t block) const {
  return std::max(chunk_size_, kPayloadMin + blocks_[block].stride / 2);
}

bool PushStream::send_chunk(Session& session, Time now, std::size_t index) {
  Progress& progress = progress_[index];
  const PushBlock& block = blocks_[index];
  const bool again = !progress.lost.empty();
  const auto unsent = static_cast<std::uint32_t>(block.content.size()) - progress.unsent;
  const ContentRange wanted = again ? progress.lost.back() : ContentRange{progress.unsent, unsent};
  PayloadBuffer buffer;
  const PushFrame frame = chunk_frame(block, wanted, chunk_size(index), buffer);
  if (again) {
    progress.lost.pop_back();
    if (frame.taken < wanted.size) {
      progress.lost.push_back({wanted.offset + frame.taken, wanted.size - frame.taken});
    }
  } else {
    progress.unsent += frame.taken;
  }
  ++progress.chunks_out;
  const bool ask = asks(session, index);
  since_asked_ = ask ? 0 : since_asked_ + 1;
  const std::uint16_t sequence = session.post(frame.type, frame.payload, ask ? THIL_FRAME_ASK : 0);
  flights_.push_back({sequence, now, index, Stage::chunks, {wanted.offset, frame.taken}, ask});
  await_answer(session, now);
  // On a line that loses nothing the end need not wait for the report, a window of chunks later.
  if (chunk_size_ == kPayloadMax && is_sent(index)) progress.stage = Stage::end;
  return true;
}

bool PushStream::is_sent(std::size_t index) const {
  const Progress& progress = progress_[index];
  return progress.lost.empty() && progress.unsent == blocks_[index].content.size();
}

void PushStream::take(const FrameView& frame, Session& session, Time now) {
  if (finished()) return;
  last_sign_of_life_ = now;
  silent_tries_ = 0;
  if ((frame.header.flags & THIL_FRAME_REPLY) != 0) {
    take_reply(frame, session, now);
  } else if (frame.header.type == THIL_ID_received) {
    take_report(frame, session, now);
  }
  drop_passed_over(session);
  while (first_ < blocks_.size() && progress_[first_].stage == Stage::done) ++first_;
  if (flights_.empty()) next_try_ = Time::max();
}

// A beginning or an end that the device went past in silence.
void PushStream::drop_passed_over(const Session& session) {
  for (std::size_t i = 0; i < flights_.size();) {
    const Flight flight = flights_[i];
    if (flight.stage == Stage::chunks || !is_before(flight.sequence, session.answered())) {
      ++i;
      continue;
    }
    flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
    progress_[flight.block].under_way = false;
  }
}

void PushStream::take_reply(const FrameView& frame, Session& session, Time now) {
  const auto found = std::find_if(flights_.begin(), flights_.end(),
                                  [&](const Flight& flight) { return flight.sequence == frame.header.ack; });
  if (found == flights_.end()) return;
  const Flight flight = *found;
  flights_.erase(found);
  if (flight.stage != Stage::end) session.answered_after(now - flight.sent);
  if (const auto refusal = unpack<thil_refused>(frame)) {
    take_refusal(flight, *refusal);
  } else if (flight.stage != Stage::chunks) {
    answered(flight.block, flight.stage, now);
  }
}

void PushStream::take_refusal(const Flight& flight, const thil_refused& refusal) {
  Progress& progress = progress_[flight.block];
  const bool is_chunk = flight.stage == Stage::chunks;
  const bool is_not_open = refusal.reason == THIL_REFUSED_NOT_PUSHING;
  if (is_chunk) --progress.chunks_out;
  if (is_chunk && is_not_open && progress.is_ended) {
    note_closed(progress);
  } else if (is_too_early(flight, refusal)) {
    progress.under_way = false;
    progress.stage = Stage::chunks;
  } else if ((is_not_open || refusal.reason == THIL_REFUSED_DIGEST) && ++retreats_ <= kRetreatsMax) {
    retreat(flight.block);  // never opened, or a chunk was damaged: a line or a host can do that
  } else {
    fault_ = explain(refusal);
  }
}

// An end that the device got before the chunks that were lost on the way.
bool PushStream::is_too_early(const Flight& flight, const thil_refused& refusal) const {
  return flight.stage == Stage::end && refusal.reason == THIL_REFUSED_DIGEST &&
         (progress_[flight.block].chunks_out > 0 || !is_sent(flight.block));
}

void PushStream::answered(std::size_t index, Stage stage, Time now) {
  Progress& progress = progress_[index];
  const bool is_early = stage == Stage::end && progress.stage == Stage::chunks;  // what seemed lost was not
  if (progress.stage != stage && !is_early) return;  // an answer to an earlier attempt
  last_progress_ = now;
  progress.under_way = false;
  lost_in_a_row_ = 0;
  progress.stage = stage == Stage::begin ? Stage::chunks : Stage::done;
  if (progress.stage == Stage::done) retreats_ = 0;
  if (stage == Stage::begin && blocks_[index].content.empty()) progress.stage = Stage::end;
}

// A chunk that was sent again came after the end, which closes a slot only when all of it is there. Whether
// it did, the end says when it is asked again.
void PushStream::note_closed(Progress& progress) {
  if (progress.stage == Stage::done) return;
  progress.lost.clear();
  progress.stage = Stage::end;
}

// From the beginning of the block; what is still under way of it counts no more.
void PushStream::retreat(std::size_t index) {
  std::erase_if(flights_, [&](const Flight& flight) { return flight.block == index; });
  progress_[index] = Progress{};
}

void PushStream::take_report(const FrameView& frame, Session& session, Time now) {
  const auto report = unpack<thil_received>(frame);
  if (!report) return;
  for (std::size_t i = 0; i < flights_.size();) {
    const Flight flight = flights_[i];
    const auto behind = static_cast<std::uint16_t>(frame.header.ack - 1 - flight.sequence);
    if (flight.stage != Stage::chunks || behind > INT16_MAX) {
      ++i;
      continue;
    }
    const bool arrived = behind < 32 && (report->seen >> behind & 1U) != 0;
    if (behind == 0 && arrived) session.answered_after(now - flight.sent);
    flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
    settle(flight, arrived, now);
  }
  if (lost_in_a_row_ > kLostInARowMax) {
    fault_ = Fault{FaultKind::corrupt,
                   std::to_string(lost_in_a_row_) + " frames in a row were lost on the way to the device",
                   {},
                   "check the cable, lower the baud rate"};
  }
}

// A line that loses one frame in six is best used with frames of about this size: a loss costs a quarter of
// the size, an arrival wins a sixteenth.
void PushStream::settle(const Flight& flight, bool arrived, Time now) {
  Progress& progress = progress_[flight.block];
  --progress.chunks_out;
  if (arrived) {
    lost_in_a_row_ = 0;
    last_progress_ = now;
    chunk_size_ = std::min(kPayloadMax, chunk_size_ + chunk_size_ / 16);
  } else {
    ++lost_in_a_row_;
    chunk_size_ = std::max(kPayloadMin, chunk_size_ * 3 / 4);
    progress.lost.push_back(flight.range);
    if (progress.stage == Stage::end) progress.stage = Stage::chunks;
  }
  const bool complete = progress.chunks_out == 0 && is_sent(flight.block);
  if (progress.stage == Stage::chunks && complete) progress.stage = Stage::end;
}

}  // namespace tinyhil::device
