// SPDX-License-Identifier: Apache-2.0
#include "powershield_stream.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tinyhil::meter {

namespace {

using Kind = PowershieldNotice::Kind;

constexpr std::uint8_t kFrameMark = 0xF0;
constexpr std::uint8_t kFrameEnd = 0xFF;  // two of them
constexpr std::uint8_t kErrorFrame = 0xF1;
constexpr std::uint8_t kTextFrame = 0xF2;
constexpr std::uint8_t kTimestampFrame = 0xF3;
constexpr std::uint8_t kEndFrame = 0xF4;
constexpr std::uint8_t kOvercurrentFrame = 0xF5;
constexpr std::uint8_t kPowerDownFrame = 0xF6;
constexpr std::uint8_t kLastFrame = 0xFB;
constexpr std::size_t kShortFrameMax = 16;
constexpr std::uint8_t kFillMax = 100;
constexpr std::uint32_t kTimeMask = 0x7FFF'FFFF;  // the top bit says that the meter's own counter overflowed

bool is_mark(std::uint8_t byte) { return byte >= kFrameMark; }

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

PowershieldNotice read_timestamp_frame(std::span<const std::uint8_t> frame) {
  PowershieldNotice notice{Kind::timestamp};
  for (const std::uint8_t byte : frame.subspan(2, 4)) notice.time_ms = notice.time_ms << 8 | byte;
  notice.time_ms &= kTimeMask;
  notice.fill_percent = std::min(frame[6], kFillMax);
  return notice;
}

PowershieldNotice read_text_frame(std::span<const std::uint8_t> frame) {
  std::string_view text = text_of(frame.subspan(2, frame.size() - 4));
  while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with('\0')) text.remove_suffix(1);
  PowershieldNotice notice = powershield_error(text);
  if (notice.kind == Kind::error && frame[1] == kTextFrame) notice.kind = Kind::information;
  return notice;
}

// Frames whose meaning nobody outside its maker knows are information without text.
PowershieldNotice read_frame(std::span<const std::uint8_t> frame) {
  switch (frame[1]) {
    case kErrorFrame:
    case kTextFrame:
      return read_text_frame(frame);
    case kTimestampFrame:
      return read_timestamp_frame(frame);
    case kEndFrame:
      return {Kind::completed};
    case kOvercurrentFrame:
      return {Kind::overcurrent};
    case kPowerDownFrame:
      return {Kind::power_down};
    default:
      return {Kind::information};
  }
}

}  // namespace

void PowershieldStream::expect_text() {
  expects_binary_ = is_binary_ = has_lost_place_ = is_line_too_long_ = is_before_first_word_ = false;
  size_ = 0;
}

void PowershieldStream::feed(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    std::size_t taken = 1;
    if (!is_binary_) {
      feed_text(bytes.front());
    } else if (has_lost_place_) {
      seek_place(bytes.front());
    } else if (size_ > 0 || (taken = feed_words(bytes)) == 0) {
      taken = 1;
      feed_frame(bytes.front());
    }
    bytes = bytes.subspan(taken);
  }
}

void PowershieldStream::notify(const PowershieldNotice& notice) {
  receiver_.notice(notice);
  if (notice.kind == Kind::completed) is_binary_ = false;
  if (notice.kind == Kind::acknowledged && expects_binary_ && notice.text == "start") {
    expects_binary_ = false;
    is_binary_ = is_before_first_word_ = true;
  }
}

void PowershieldStream::feed_text(std::uint8_t byte) {
  if (byte == '\n') return finish_line();
  if (byte == 0) return;  // the meter sends one before the first sample after a timestamp
  if (size_ == kLineMax) {
    is_line_too_long_ = true;
    return;
  }
  held_[size_++] = byte;
}

void PowershieldStream::finish_line() {
  std::string_view line = text_of(std::span(held_).first(size_));
  const bool too_long = std::exchange(is_line_too_long_, false);
  size_ = 0;
  while (line.ends_with('\r')) line.remove_suffix(1);
  if (too_long) {
    PowershieldNotice notice{Kind::corrupted};
    notice.skipped = kLineMax;
    return notify(notice);
  }
  if (const auto sample = powershield_sample(line)) return receiver_.amperes(*sample);
  if (const auto notice = powershield_line(line)) notify(*notice);
}

// Words up to the first frame, straight from the fragment; how many bytes that is.
std::size_t PowershieldStream::feed_words(std::span<const std::uint8_t> bytes) {
  std::size_t end = 0;
  if (is_before_first_word_) return 0;
  while (end + 2 <= bytes.size() && !is_mark(bytes[end])) end += 2;
  if (end == 0) return 0;
  last_of_words_ = bytes[end - 1];
  receiver_.words(bytes.first(end));
  return end;
}

// At a word's boundary when nothing is held.
void PowershieldStream::feed_frame(std::uint8_t byte) {
  held_[size_++] = byte;
  if (size_ < 2) return;
  // No sample begins with a line end: it would be one of thousands of amperes.
  if (is_before_first_word_ && held_[0] == '\r' && held_[1] == '\n') {
    size_ = 0;
    return;
  }
  is_before_first_word_ = false;
  if (!is_mark(held_[0])) {
    last_of_words_ = held_[1];
    receiver_.words(std::span(held_).first(2));
    size_ = 0;
    return;
  }
  if (held_[0] != kFrameMark || held_[1] <= kFrameMark || held_[1] > kLastFrame || size_ > frame_limit()) {
    return lose_place();
  }
  if (is_frame_whole()) finish_frame();
}

std::size_t PowershieldStream::frame_limit() const {
  const std::size_t known = dialect_.frame_bytes[held_[1] - kErrorFrame];
  if (known > 0) return known;
  return held_[1] <= kTextFrame ? held_.size() - 1 : kShortFrameMax;
}

bool PowershieldStream::is_frame_whole() const {
  if (size_ < 4) return false;
  const std::size_t known = dialect_.frame_bytes[held_[1] - kErrorFrame];
  if (known > 0) return size_ == known;
  return held_[size_ - 1] == kFrameEnd && held_[size_ - 2] == kFrameEnd;
}

void PowershieldStream::finish_frame() {
  if (held_[size_ - 1] != kFrameEnd || held_[size_ - 2] != kFrameEnd) return lose_place();
  const std::size_t size = std::exchange(size_, 0);
  notify(read_frame(std::span(held_).first(size)));
}

// What is held is searched once more, with the byte before it: a frame may have begun there.
void PowershieldStream::lose_place() {
  const auto held = held_;
  const std::size_t size = std::exchange(size_, 0);
  has_lost_place_ = true;
  seek_place(last_of_words_);
  skipped_ = 0;
  feed(std::span(held).first(size));  // shorter each time that it comes back here
}

// Held: the last bytes, at most kTailMax. The place is found behind a frame that cannot be anything else.
void PowershieldStream::seek_place(std::uint8_t byte) {
  if (size_ == kTailMax) {
    std::copy(held_.begin() + 1, held_.begin() + kTailMax, held_.begin());
    --size_;
  }
  held_[size_++] = byte;
  ++skipped_;
  const auto kinds = {kTimestampFrame, kEndFrame, kPowerDownFrame};
  const auto* found = std::ranges::find_if(kinds, [this](std::uint8_t kind) { return tail_is_frame(kind); });
  if (found == kinds.end()) return;
  const std::size_t frame_bytes = dialect_.frame_bytes[*found - kErrorFrame];
  PowershieldNotice lost{Kind::corrupted};
  lost.skipped = skipped_ - std::min(skipped_, frame_bytes);
  receiver_.notice(lost);
  has_lost_place_ = false;
  std::array<std::uint8_t, kTailMax> frame{};
  std::copy_n(held_.begin() + static_cast<std::ptrdiff_t>(size_ - frame_bytes), frame_bytes, frame.begin());
  size_ = 0;
  notify(read_frame(std::span(frame).first(frame_bytes)));
}

bool PowershieldStream::tail_is_frame(std::uint8_t kind) const {
  const std::size_t bytes = dialect_.frame_bytes[kind - kErrorFrame];
  if (size_ < bytes) return false;
  const std::uint8_t* frame = held_.data() + (size_ - bytes);
  return frame[0] == kFrameMark && frame[1] == kind && frame[bytes - 1] == kFrameEnd &&
         frame[bytes - 2] == kFrameEnd;
}

}  // namespace tinyhil::meter
