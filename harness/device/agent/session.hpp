// SPDX-License-Identifier: Apache-2.0
// One session with a device, without any I/O: bytes and times come in, bytes go out. Numbers and encodes
// frames, keeps what is under way within the device's credit, decodes what arrives and drops what is corrupt
// or of another session. Nothing here fails or waits. Use it in one thread:
//
//   session.open(epoch);
//   const std::uint16_t number = session.post(THIL_ID_check, {});  // then send outgoing()
//   session.arrived(bytes);
//   while (const auto frame = session.next()) activity.take(*frame, session, now);
//
// The device handles frames in order and answers each before it looks at the next. So a frame that it has
// gone past without an answer was lost, or its answer was: that is known without waiting for a timeout.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "device/agent/internal/log_lines.hpp"
#include "device/agent/internal/overheard.hpp"
#include "wire_traits.hpp"

namespace tinyhil::device {

using Time = std::chrono::steady_clock::time_point;

// a before b, both being numbers of frames at most 32,767 apart.
inline bool is_before(std::uint16_t a, std::uint16_t b) {
  return a != b && static_cast<std::uint16_t>(b - a) <= INT16_MAX;
}

class Session {
 public:
  Session();

  // What is under way is forgotten; frames of any other epoch are dropped from now on.
  void open(std::uint8_t epoch);
  // Nothing that waits is sent any more.
  void fall_silent() { outgoing_.clear(), written_ = 0; }
  // Of a run: another one than the last 255 had, so that late results of theirs are none of the new one's.
  std::uint8_t number_run();

  // ---- sending ----
  bool room() const { return under_way() < std::max<unsigned>(1, credit_); }
  bool is_last_room() const { return under_way() + 1U >= credit_; }
  // Encodes a frame behind those waiting in outgoing(); returns its number. May be called without room, which
  // is what timeouts do: a frame too many is lost, not harmful.
  std::uint16_t post(std::uint8_t type, std::span<const std::uint8_t> payload, std::uint8_t flags = 0);
  // Raw bytes between frames, to wake a device that listens at another rate.
  void post_noise(std::size_t size) { outgoing_.insert(outgoing_.end(), size, 0); }
  std::span<const std::uint8_t> outgoing() const { return std::span(outgoing_).subspan(written_); }
  void written(std::size_t size);

  // ---- receiving: hand over bytes with arrived(), then take frames until there is none ----
  void arrived(std::span<const std::uint8_t> bytes);  // must outlive the calls of next()
  std::optional<FrameView> next();

  // What came last has yet to be ended by more.
  bool is_in_frame() const { return decoder_.size > 0 || decoder_.run_left > 0; }

  // The device has answered everything up to, not including, this number.
  std::uint16_t answered() const { return answered_; }
  unsigned credit() const { return credit_; }

  // ---- pace: how long an answer takes, queues included ----
  void answered_after(std::chrono::nanoseconds delay);
  std::chrono::nanoseconds delay() const { return delay_; }  // the longest of the recent ones
  std::chrono::nanoseconds patience() const;                 // an answer that takes longer was probably lost

  struct Counters {
    std::uint64_t bytes_out = 0;
    std::uint64_t bytes_in = 0;
    std::uint32_t frames_good = 0;
    std::uint32_t frames_bad = 0;  // damaged; text between frames is none
  };
  Counters counters() const;
  // What the board says besides its answers, each on one line, empty when it says nothing: text on the line,
  // or the first bytes of what was no frame as long as no frame came; and messages of `log`.
  std::string stray() const;
  std::string logged() const { return logs_.words(); }

 private:
  void note_answered(const thil_frame_header& header);

  unsigned under_way() const { return static_cast<std::uint16_t>(next_ - answered_); }

  std::vector<std::uint8_t> outgoing_;
  std::size_t written_ = 0;
  std::array<std::uint8_t, THIL_FRAME_RAW_MAX> decoder_memory_{};
  thil_decoder decoder_{};
  std::span<const std::uint8_t> incoming_;
  Overheard overheard_;
  LogLines logs_;
  std::uint64_t bytes_out_ = 0;
  std::uint64_t bytes_in_ = 0;
  std::chrono::nanoseconds delay_{};
  std::uint16_t next_ = 0;
  std::uint16_t answered_ = 0;
  std::uint8_t epoch_ = 0;
  std::uint8_t credit_ = 1;
  std::uint8_t runs_ = 0;
};

}  // namespace tinyhil::device
