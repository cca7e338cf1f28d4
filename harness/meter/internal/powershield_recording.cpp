// SPDX-License-Identifier: Apache-2.0
#include "powershield_recording.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

namespace tinyhil::meter {

namespace {

using Kind = PowershieldNotice::Kind;

constexpr double kHoldS = 2.5;  // two timestamps and what lies between
constexpr std::size_t kHoldLeast = 16;
constexpr std::int64_t kRoundingSamples = 1;  // a timestamp has whole milliseconds; believed at the second
constexpr std::uint32_t kStepMaxMs = 5'000;   // between timestamps; a longer one is a damaged digit

static_assert(std::endian::native == std::endian::little, "amperes_f32 words are written as they lie");

}  // namespace

PowershieldRecording::PowershieldRecording(SampleSink& sink, const PowershieldRate& rate)
    : sink_(sink),
      rate_(rate),
      reader_(word_reader(rate.format, "")),
      width_(width(rate.format)),
      capacity_(static_cast<std::size_t>(std::ceil(rate.hertz * kHoldS)) + kHoldLeast),
      words_(capacity_ * width_),
      current_a_(capacity_),
      lines_(rate.has_trigger ? capacity_ : 0) {}

void PowershieldRecording::words(std::span<const std::uint8_t> words) {
  if (rate_.format != WordFormat::lpm01a_u16) return;
  while (!words.empty()) {
    make_room();
    const std::size_t samples = std::min(words.size() / width_, room());
    std::memcpy(words_.data() + held_ * width_, words.data(), samples * width_);
    note_lines(samples);
    words = words.subspan(samples * width_);
  }
}

void PowershieldRecording::amperes(float current_a) {
  if (rate_.format != WordFormat::amperes_f32) return;
  make_room();
  std::memcpy(words_.data() + held_ * width_, &current_a, sizeof current_a);
  note_lines(1);
}

void PowershieldRecording::notice(const PowershieldNotice& notice) {
  switch (notice.kind) {
    case Kind::timestamp:
      fullest_percent_ = std::max(fullest_percent_, notice.fill_percent);
      return settle(notice.time_ms);
    case Kind::trigger:
      is_edge_next_ = true;
      return;
    case Kind::overflow:
      told_cause_ = GapCause::reported;
      return;
    case Kind::corrupted:
      // A line that makes no sense is one sample; a lost place spoils all words since the last frame.
      if (rate_.format == WordFormat::lpm01a_u16) is_doubtful_ = true;
      if (!told_cause_) told_cause_ = GapCause::corrupted;
      return;
    case Kind::overcurrent:
      return end_with(
          GapCause::overcurrent,
          {FaultKind::refused, "the meter cut off the board's supply: the current was too high",
           "overcurrent message",
           "the LPM01A's limit is 59 mA, also for a moment: use a meter of a larger range, or find "
           "what draws so much"});
    case Kind::power_down:
      return end_with(GapCause::reported,
                      {FaultKind::refused, "the board's supply went off while it was measured",
                       "power-down message", "look at the supply's wiring and jumpers"});
    case Kind::error:
      fault_ = Fault{FaultKind::refused, "the meter reports an error: " + notice.text, "", ""};
      return;
    case Kind::completed:
      finish();
      has_ended_ = true;
      return;
    default:
      return;
  }
}

void PowershieldRecording::pause() {
  if ((rate_.is_virtual || rate_.format == WordFormat::amperes_f32) && !is_doubtful_) hand_on();
}

void PowershieldRecording::finish() {
  if (is_doubtful_) return lose(static_cast<std::int64_t>(held_), GapCause::corrupted);
  hand_on();
}

// Without a timestamp for so long, nothing says that what is held are the samples of that time.
void PowershieldRecording::make_room() {
  if (room() == 0) lose(static_cast<std::int64_t>(held_), GapCause::corrupted);
}

void PowershieldRecording::note_lines(std::size_t samples) {
  if (rate_.has_trigger) {
    std::fill_n(lines_.begin() + static_cast<std::ptrdiff_t>(held_), samples, std::uint8_t{0});
    if (std::exchange(is_edge_next_, false)) lines_[held_] = 1U << kPowershieldTriggerLine;
  }
  held_ += samples;
}

std::int64_t PowershieldRecording::missing_at(std::uint32_t time_ms) const {
  const double since_s = (static_cast<double>(time_ms) - anchor_ms_) / 1000;
  const auto expected = static_cast<std::int64_t>(anchor_position_) + std::llround(since_s * rate_.hertz);
  return expected - static_cast<std::int64_t>(position_);
}

void PowershieldRecording::settle(std::uint32_t time_ms) {
  if (!last_ms_) {  // what was lost before the first one stays unknown
    finish();
    anchor(time_ms);
  } else if (is_plausible(time_ms)) {
    account(time_ms);
  } else {
    return;
  }
  last_ms_ = time_ms;
  is_doubtful_ = false;
  told_cause_.reset();
}

// One that follows the last one, or the second one of another sequence: the meter was silent for long, or has
// begun anew.
bool PowershieldRecording::is_plausible(std::uint32_t time_ms) {
  const auto follows = [time_ms](std::uint32_t earlier) {
    return time_ms > earlier && time_ms - earlier <= kStepMaxMs;
  };
  if (follows(*last_ms_)) {
    odd_ms_.reset();
    return true;
  }
  if (!odd_ms_ || !follows(*odd_ms_)) {
    odd_ms_ = time_ms;
    return false;
  }
  odd_ms_.reset();
  is_doubtful_ = true;
  if (time_ms < *last_ms_) {
    lose(static_cast<std::int64_t>(held_), GapCause::corrupted);
    anchor(time_ms);
  }
  return true;
}

void PowershieldRecording::account(std::uint32_t time_ms) {
  if (is_doubtful_) return lose(std::max<std::int64_t>(missing_at(time_ms), 0), GapCause::corrupted);
  hand_on();
  std::int64_t missing = missing_at(time_ms);
  if (told_cause_) missing = std::max<std::int64_t>(missing, 1);
  const bool is_short_again = std::exchange(was_short_, missing > 0) && missing > 0;
  if (missing > kRoundingSamples || is_short_again || told_cause_) {
    lose(missing, told_cause_.value_or(GapCause::clock));
    was_short_ = false;
  } else if (missing < -kRoundingSamples) {
    anchor(time_ms);  // or a surplus would hide the next loss
  }
}

void PowershieldRecording::anchor(std::uint32_t time_ms) {
  anchor_ms_ = time_ms;
  anchor_position_ = position_;
}

void PowershieldRecording::hand_on() {
  if (held_ == 0) return;
  const std::span words = std::span(words_).first(held_ * width_);
  const std::span current = std::span(current_a_).first(held_);
  reader_->read(words, current, {});
  SampleBlock block;
  block.first = position_;
  block.words = words;
  block.current_a = current;
  if (rate_.has_trigger) block.lines = std::span(lines_).first(held_);
  sink_.samples(block);
  position_ += held_;
  held_ = 0;
}

void PowershieldRecording::lose(std::int64_t count, GapCause cause) {
  held_ = 0;
  if (count <= 0) return;
  sink_.gap({position_, static_cast<std::uint64_t>(count), cause});
  position_ += static_cast<std::uint64_t>(count);
}

// From here on samples are missing, however many.
void PowershieldRecording::end_with(GapCause cause, Fault fault) {
  finish();
  lose(1, cause);
  fault_ = std::move(fault);
  has_ended_ = true;
}

}  // namespace tinyhil::meter
