// SPDX-License-Identifier: Apache-2.0
#include "listener.hpp"

#include <algorithm>

#include "base/visible.hpp"
#include "device/agent/internal/log_lines.hpp"
#include "device/agent/internal/overheard.hpp"

namespace tinyhil::device {

namespace {

constexpr std::size_t kUnendedMax = 2 * THIL_FRAME_LINE_MAX;
constexpr std::size_t kNoiseShown = 24;

std::string text_of(const thil_text& text) { return visible_line({text.chars, text.size}); }

std::string words_of(const thil_identity& who) {
  return text_of(who.board) + ", serial `" + text_of(who.serial) + "`, engine " + text_of(who.engine) +
         ", build " + text_of(who.build) + (who.crash.cause != 0 ? ", with the record of a crash" : "");
}

std::string words_of(const thil_log& log) {
  std::string words = std::string(log_level_name(log.level)) + ": " + text_of(log.text);
  if (log.lost > 0) words += " (" + std::to_string(log.lost) + " before it found no room)";
  return words;
}

LineEvent event_of(const FrameView& frame) {
  if (const auto log = unpack<thil_log>(frame)) return {LineEvent::Kind::log, words_of(*log)};
  std::string words = std::string(thil_message_name(frame.header.type)) + ", epoch " +
                      std::to_string(frame.header.epoch) + ", number " + std::to_string(frame.header.seq) +
                      ", " + std::to_string(frame.payload.size()) + " bytes";
  if (const auto who = unpack<thil_identity>(frame)) words += ": " + words_of(*who);
  return {LineEvent::Kind::frame, words};
}

std::string words_of_noise(std::span<const std::uint8_t> bytes) {
  const std::string words = std::to_string(bytes.size()) + " bytes:" + in_hex(bytes, kNoiseShown);
  return bytes.size() > kNoiseShown ? words + " ..." : words;
}

bool reads_as_text(std::span<const std::uint8_t> bytes) {
  return is_plain_text(bytes) || std::ranges::all_of(bytes, [](std::uint8_t byte) {
           return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\r' || byte == '\t';
         });
}

std::string without_line_end(std::string line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  return line;
}

}  // namespace

const char* to_string(LineEvent::Kind kind) {
  switch (kind) {
    case LineEvent::Kind::text:
      return "text";
    case LineEvent::Kind::log:
      return "log";
    case LineEvent::Kind::frame:
      return "frame";
    case LineEvent::Kind::noise:
      return "noise";
  }
  return "unknown";
}

LineListener::LineListener() { thil_decoder_init(&decoder_, memory_.data(), memory_.size()); }

// What follows the last zero may be text that nobody ends with one, so it is shown line by line.
void LineListener::hear(std::span<const std::uint8_t> bytes, const OnEvent& on_event) {
  while (!bytes.empty()) {
    const auto zero = std::ranges::find(bytes, 0);
    const bool is_ended = zero != bytes.end();
    const auto size = static_cast<std::size_t>(zero - bytes.begin()) + (is_ended ? 1 : 0);
    hear_stretch(bytes.first(size), is_ended, on_event);
    bytes = bytes.subspan(size);
  }
}

void LineListener::hear_stretch(std::span<const std::uint8_t> stretch, bool is_ended,
                                const OnEvent& on_event) {
  thil_frame frame{};
  if (thil_decoder_feed(&decoder_, stretch.data(), stretch.size(), &frame).complete) {
    unended_.clear();
    return on_event(event_of({frame.header, {frame.payload.bytes, frame.payload.size}}));
  }
  const auto content = stretch.first(stretch.size() - (is_ended ? 1 : 0));
  unended_.insert(unended_.end(), content.begin(), content.end());
  tell_whole_lines(on_event);
  if (is_ended || unended_.size() > kUnendedMax) tell_rest(on_event);
}

void LineListener::tell_whole_lines(const OnEvent& on_event) {
  for (auto end = std::ranges::find(unended_, '\n'); end != unended_.end();
       end = std::ranges::find(unended_, '\n')) {
    const std::vector<std::uint8_t> line(unended_.begin(), end + 1);
    if (!reads_as_text(line)) return;
    unended_.erase(unended_.begin(), end + 1);
    on_event({LineEvent::Kind::text, visible_line(without_line_end({line.begin(), line.end()}))});
  }
}

void LineListener::tell_rest(const OnEvent& on_event) {
  if (unended_.empty()) return;
  const bool is_text = reads_as_text(unended_);
  const std::string text(unended_.begin(), unended_.end());
  const LineEvent event = is_text ? LineEvent{LineEvent::Kind::text, visible_line(without_line_end(text))}
                                  : LineEvent{LineEvent::Kind::noise, words_of_noise(unended_)};
  unended_.clear();
  on_event(event);
}

void LineListener::end(const OnEvent& on_event) { tell_rest(on_event); }

}  // namespace tinyhil::device
