// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include <algorithm>
#include <cassert>

#include "base/visible.hpp"

namespace tinyhil::device {

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
  const std::size_t old =
      outgoing_.empty() ? 0 : outgoing_.size() - 1;  // two frames share the zero between them
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
    const std::uint32_t bad = decoder_.bad;
    const thil_fed fed = thil_decoder_feed(&decoder_, incoming_.data(), incoming_.size(), &frame);
    overheard_.hear(incoming_.first(fed.taken), fed.complete, decoder_.bad != bad);
    incoming_ = incoming_.subspan(fed.taken);
    if (!fed.complete) continue;
    const FrameView view{frame.header, {frame.payload.bytes, frame.payload.size}};
    if (view.header.type == THIL_ID_log) logs_.hear(view);
    const bool is_boot = view.header.type == THIL_ID_booted && view.header.epoch == 0;
    if (is_boot) return view;
    if (view.header.epoch != epoch_) continue;
    note_answered(view.header);
    if (view.header.type != THIL_ID_log) return view;
  }
  return std::nullopt;
}

void Session::note_answered(const thil_frame_header& header) {
  const bool is_reply = (header.flags & THIL_FRAME_REPLY) != 0;
  const auto answered = static_cast<std::uint16_t>(header.ack + (is_reply ? 1 : 0));
  if (is_before(answered_, answered) && !is_before(next_, answered)) answered_ = answered;
  credit_ = std::min(header.credit, kCreditMax);
}

// The longest of late, forgotten by an eighth with each answer: queues in the line come and go.
void Session::answered_after(nanoseconds delay) { delay_ = std::max(delay, delay_ - delay_ / 8); }

nanoseconds Session::patience() const { return std::clamp(3 * delay_, kPatienceMin, kPatienceMax); }

std::string Session::stray() const {
  const std::string text = overheard_.text();
  if (!text.empty()) return "the line carries text: `" + visible_line(text) + "`";
  const std::string bytes = overheard_.first_bytes();
  if (decoder_.good > 0 || bytes.empty()) return "";
  return std::to_string(bytes_in_) + " bytes arrived, none of them a frame; they begin" + bytes;
}

Session::Counters Session::counters() const {
  return {bytes_out_, bytes_in_, decoder_.good, decoder_.bad - overheard_.texts()};
}

}  // namespace tinyhil::device
