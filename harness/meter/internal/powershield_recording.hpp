// SPDX-License-Identifier: Apache-2.0
// What one of ST's meters sends between `start` and the end, held against the timestamps that it sends once a
// second: they and the samples come from one clock, so a sample that is missing shows, whoever lost it.
// Binary samples are handed on when the timestamp behind them has come, a second late at most: only then is
// it known whether a lost byte had them misread. What is found missing lay anywhere in the second before its
// gap. Memory is taken once. Pure.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/fault.hpp"
#include "meter/internal/powershield_stream.hpp"
#include "meter/meter.hpp"

namespace tinyhil::meter {

struct PowershieldRate {
  double hertz = 0;
  WordFormat format{};  // lpm01a_u16 or amperes_f32
  bool has_trigger = false;
  // Binary words are handed on at once, unproven: the meter's clock stands still with an emulated board.
  bool is_virtual = false;
};

// The bit of SampleBlock::lines that is set for the one sample at an edge of D7.
inline constexpr int kPowershieldTriggerLine = 7;

class PowershieldRecording : public PowershieldReceiver {
 public:
  PowershieldRecording(SampleSink& sink, const PowershieldRate& rate);

  void words(std::span<const std::uint8_t> words) override;
  void amperes(float current_a) override;
  void notice(const PowershieldNotice& notice) override;

  // A fragment has been read: what needs no timestamp is handed on.
  void pause();
  // Hands on what is held; there is no timestamp behind it.
  void finish();

  bool is_virtual() const { return rate_.is_virtual; }
  bool has_ended() const { return has_ended_; }                      // the meter says so
  const std::optional<Fault>& fault() const { return fault_; }       // why it ended by itself
  std::uint8_t fullest_percent() const { return fullest_percent_; }  // its buffer, since the start

 private:
  std::size_t room() const { return capacity_ - held_; }
  void make_room();
  void note_lines(std::size_t samples);
  void settle(std::uint32_t time_ms);
  bool is_plausible(std::uint32_t time_ms);
  std::int64_t missing_at(std::uint32_t time_ms) const;
  void account(std::uint32_t time_ms);
  void anchor(std::uint32_t time_ms);
  void hand_on();
  void lose(std::int64_t count, GapCause cause);
  void end_with(GapCause cause, Fault fault);

  SampleSink& sink_;
  PowershieldRate rate_;
  std::unique_ptr<WordReader> reader_;
  std::size_t width_;
  std::size_t capacity_;  // samples
  std::vector<std::uint8_t> words_;
  std::vector<float> current_a_;
  std::vector<std::uint8_t> lines_;
  std::size_t held_ = 0;                // samples, not handed on yet
  std::uint64_t position_ = 0;          // number of the first of them
  bool is_doubtful_ = false;            // what is held may be misread
  bool is_edge_next_ = false;           // the next sample has the trigger's mark
  std::optional<GapCause> told_cause_;  // why samples will be found missing at the next timestamp
  std::optional<std::uint32_t> last_ms_;
  std::optional<std::uint32_t> odd_ms_;  // a timestamp out of line, which the next one may confirm
  std::uint32_t anchor_ms_ = 0;          // at this time there were
  std::uint64_t anchor_position_ = 0;    // so many samples
  bool was_short_ = false;               // a sample was missing at the last timestamp, not told yet
  bool has_ended_ = false;
  std::optional<Fault> fault_;
  std::uint8_t fullest_percent_ = 0;
};

}  // namespace tinyhil::meter
