// SPDX-License-Identifier: Apache-2.0
// Bytes from one of ST's meters, in fragments of any size, as samples and notices. Pure, of fixed memory, and
// any bytes may come: what is neither is skipped and told as corrupted.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "meter/internal/powershield_dialect.hpp"
#include "meter/internal/powershield_text.hpp"

namespace tinyhil::meter {

class PowershieldReceiver {
 public:
  virtual ~PowershieldReceiver() = default;
  virtual void words(std::span<const std::uint8_t> words) = 0;  // whole binary samples, lpm01a_u16
  virtual void amperes(float current_a) = 0;                    // one sample of an ASCII recording
  // A `corrupted` notice in a binary recording means that words may have been misread since the last frame:
  // a lost byte shows only there.
  virtual void notice(const PowershieldNotice& notice) = 0;
};

class PowershieldStream {
 public:
  PowershieldStream(const PowershieldDialect& dialect, PowershieldReceiver& receiver)
      : dialect_(dialect), receiver_(receiver) {}

  // Binary samples follow the next acknowledgement of `start`, until the frame that ends the recording.
  void expect_binary() { expects_binary_ = true; }
  // Lines again, whatever was under way.
  void expect_text();
  bool is_binary() const { return is_binary_; }

  void feed(std::span<const std::uint8_t> bytes);

 private:
  static constexpr std::size_t kLineMax = 256;
  static constexpr std::size_t kFrameTextMax = 256;
  static constexpr std::size_t kTailMax = 9;  // the longest frame that a lost place is found by

  void feed_text(std::uint8_t byte);
  void finish_line();
  void notify(const PowershieldNotice& notice);

  std::size_t feed_words(std::span<const std::uint8_t> bytes);
  void feed_frame(std::uint8_t byte);
  std::size_t frame_limit() const;
  bool is_frame_whole() const;
  void finish_frame();
  void lose_place();
  void seek_place(std::uint8_t byte);
  bool tail_is_frame(std::uint8_t kind) const;

  const PowershieldDialect& dialect_;
  PowershieldReceiver& receiver_;
  bool expects_binary_ = false;
  bool is_binary_ = false;
  bool is_before_first_word_ = false;  // the line ends of the acknowledgement may still come
  bool has_lost_place_ = false;
  bool is_line_too_long_ = false;
  std::uint8_t last_of_words_ = 0;
  std::size_t skipped_ = 0;                             // bytes since the place was lost
  std::size_t size_ = 0;                                // of held_
  std::array<std::uint8_t, kFrameTextMax + 4> held_{};  // a line, half a word, or a frame that is not whole
};

}  // namespace tinyhil::meter
