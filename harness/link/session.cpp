// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include <algorithm>
#include <cassert>

namespace tinyhil {

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds kFirstDelay = milliseconds(300);
constexpr nanoseconds kPatienceMin = milliseconds(50);
constexpr nanoseconds kPatienceMax = milliseconds(2000);
// More credit than this only deepens the queue: 16 KiB last 55 ms at 3 Mbaud.
constexpr std::uint8_t kCreditMax = 16;

}  // namespace

Session::Session() : delay_(kFirstDelay) {
  thil_decoder_init(&decoder_, decoder_memory_.data(), decoder_memory_.size());
}

void Session::open(std::uint8_t epoch) {
  epoch_ = epoch;
  next_ = 0;
  answered_ = 0;
  credit_ = 1;
  delay_ = kFirstDelay;
  outgoing_.assign(1, 0);  // ends whatever of a frame is on the line
  written_ = 0;
}

std::uint8_t Session::number_run() {
  if (++runs_ == 0) runs_ = 1;
  return runs_;
}

std::uint16_t Session::post(std::uint8_t type, std::span<const std::uint8_t> payload, std::uint8_t flags) {
  thil_frame_header header{};
  header.type = type;
  header.flags = flags;
  header.epoch = epoch_;
  header.credit = UINT8_MAX;  // the host always keeps up
  header.seq = next_++;
  const std::size_t old = outgoing_.size();
  outgoing_.resize(old + THIL_FRAME_LINE_MAX);
  const std::size_t size = thil_frame_encode(&header, {payload.data(), payload.size()},
                                             outgoing_.data() + old, THIL_FRAME_LINE_MAX);
  assert(size > 0 && "requests are built to fit a frame");
  outgoing_.resize(old + size);
  return header.seq;
}

void Session::written(std::size_t size) {
  written_ += size;
  bytes_out_ += size;
  if (written_ < outgoing_.size()) return;
  outgoing_.clear();
  written_ = 0;
}

void Session::arrived(std::span<const std::uint8_t> bytes) {
  assert(incoming_.empty() && "next() has returned nothing before");
  incoming_ = bytes;
  bytes_in_ += bytes.size();
}

std::optional<FrameView> Session::next() {
  while (!incoming_.empty()) {
    thil_frame frame{};
    bool complete = false;
    incoming_ = incoming_.subspan(
        thil_decoder_feed(&decoder_, incoming_.data(), incoming_.size(), &frame, &complete));
    if (!complete) continue;
    const bool is_boot = frame.header.type == THIL_ID_booted && frame.header.epoch == 0;
    if (frame.header.epoch != epoch_ && !is_boot) continue;
    if (!is_boot) {
      const bool is_reply = (frame.header.flags & THIL_FRAME_REPLY) != 0;
      const auto answered = static_cast<std::uint16_t>(frame.header.ack + (is_reply ? 1 : 0));
      if (is_before(answered_, answered) && !is_before(next_, answered)) answered_ = answered;
      credit_ = std::min(frame.header.credit, kCreditMax);
    }
    return FrameView{frame.header, {frame.payload.bytes, frame.payload.size}};
  }
  return std::nullopt;
}

// The longest of late, forgotten by an eighth with each answer: queues in the line come and go.
void Session::answered_after(nanoseconds delay) { delay_ = std::max(delay, delay_ - delay_ / 8); }

nanoseconds Session::patience() const { return std::clamp(3 * delay_, kPatienceMin, kPatienceMax); }

Session::Counters Session::counters() const { return {bytes_out_, bytes_in_, decoder_.good, decoder_.bad}; }

}  // namespace tinyhil
