// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powershield.hpp"

namespace tinyhil::sim {

namespace {

constexpr double kOvercurrentA = 0.059;
constexpr std::size_t kBuffer = 65'536;
constexpr std::uint8_t kErrorText = 0xF1;
constexpr std::uint8_t kTimestamp = 0xF3;
constexpr std::uint8_t kEnd = 0xF4;
constexpr std::uint8_t kOvercurrent = 0xF5;
constexpr std::uint8_t kPowerDown = 0xF6;

// Four digits and a power of ten: "6409-07".
std::string ascii_sample(double current_a) {
  int exponent = 0;
  while (exponent < 99 && std::round(current_a * std::pow(10.0, exponent + 1)) <= 9999 && exponent < 12)
    ++exponent;
  return fmt::format("{:04d}-{:02d}\r\n", std::lround(current_a * std::pow(10.0, exponent)), exponent);
}

// Twelve bits and a power of sixteen.
std::string binary_sample(double current_a) {
  int exponent = 0;
  while (exponent < 14 && std::round(std::ldexp(current_a, 4 * (exponent + 1))) <= 0xFFF) ++exponent;
  const long value = std::lround(std::ldexp(current_a, 4 * exponent));
  return {static_cast<char>(exponent << 4 | static_cast<int>(value >> 8)), static_cast<char>(value & 0xFF)};
}

std::string big_endian(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16 & 0xFF),
          static_cast<char>(number >> 8 & 0xFF), static_cast<char>(number & 0xFF)};
}

}  // namespace

void Powershield::take(std::vector<std::uint8_t>& into) {
  into.assign(out_.begin(), out_.end());
  out_.clear();
  const auto lost = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(bytes_to_lose_, into.size()));
  into.erase(into.begin(), into.begin() + lost);
  bytes_to_lose_ -= static_cast<std::uint64_t>(lost);
}

double Powershield::period_s() const { return 1 / (rate_hz_ * (1 + settings_.clock_ppm * 1e-6)); }

double Powershield::sample_end_s() const {
  return recording_->start_s + static_cast<double>(recording_->samples + 1) * period_s();
}

bool Powershield::advance(double until_s, std::size_t samples_max) {
  while (recording_ && sample_end_s() <= until_s) {
    if (samples_max-- == 0) return false;
    make_sample();
  }
  if (!recording_) model_.charge_until(until_s);  // else it belongs to the next sample
  return true;
}

void Powershield::lose(std::uint64_t samples) {
  if (recording_) recording_->to_lose += samples;
}

// Each sample is the mean of its time; its faults and the pin's edges come before it.
void Powershield::make_sample() {
  const double end_s = sample_end_s();
  strike_faults(end_s - recording_->start_s);
  if (!recording_) return;
  const double drawn_a = model_.charge_until(end_s) / period_s();
  watch_trigger();
  if (drawn_a > kOvercurrentA) return cut_off(kOvercurrent, "Overcurrent");
  send_sample(std::max(drawn_a * settings_.gain + settings_.offset_a + noise_(random_), 0.0));
  const auto a_second = static_cast<std::uint64_t>(std::max(rate_hz_, 1.0));
  if (++recording_->samples % a_second == 0) send_timestamp();
  if (recording_->samples >= recording_->end) end_recording();
}

void Powershield::send_sample(double current_a) {
  Recording& recording = *recording_;
  recording.least_a = recording.samples == 0 ? current_a : std::min(recording.least_a, current_a);
  recording.most_a = std::max(recording.most_a, current_a);
  recording.sum_a += current_a;
  if (recording.to_lose > 0) {
    --recording.to_lose;
    return;
  }
  if (out_.size() > kBuffer) {  // the host does not read
    recording.to_lose = static_cast<std::uint64_t>(rate_hz_ / 100) + 1;
    return send_error("buffer overflow");
  }
  say(is_binary_ ? binary_sample(current_a) : ascii_sample(current_a));
}

// It writes `ris` whichever edge it watches for.
void Powershield::watch_trigger() {
  const bool is_high = model_.trigger();
  const bool is_edge = is_high != was_high_ && is_high == watches_rising_;
  was_high_ = is_high;
  if (watches_trigger_ && is_edge && !is_binary_)
    say(fmt::format("event {:02d} ris\r\n", recording_->events++ % 100));
}

void Powershield::strike_faults(double at_s) {
  for (std::size_t i = 0; i < faults_ahead_.size() && recording_;) {
    const PowershieldFault fault = faults_ahead_[i];
    if (fault.kind == PowershieldFault::Kind::stale || fault.at_s > at_s) {
      ++i;
      continue;
    }
    faults_ahead_.erase(faults_ahead_.begin() + static_cast<std::ptrdiff_t>(i));
    strike(fault);
  }
}

void Powershield::strike(const PowershieldFault& fault) {
  switch (fault.kind) {
    case PowershieldFault::Kind::overflow:
      send_error("buffer overflow");
      recording_->to_lose += fault.count;
      return;
    case PowershieldFault::Kind::loss:
      recording_->to_lose += fault.count;
      return;
    case PowershieldFault::Kind::bytes:
      bytes_to_lose_ += fault.count;
      return;
    case PowershieldFault::Kind::overcurrent:
      return cut_off(kOvercurrent, "Overcurrent");
    case PowershieldFault::Kind::power_down:
      return cut_off(kPowerDown, "Target power down");
    case PowershieldFault::Kind::stale:
      return;
  }
}

void Powershield::send_timestamp() {
  const auto ms =
      static_cast<std::uint32_t>(std::llround(static_cast<double>(recording_->samples) * 1000 / rate_hz_));
  const auto fill = static_cast<unsigned>(std::min<std::size_t>(out_.size() * 100 / kBuffer, 100));
  if (is_binary_) return send_frame(kTimestamp, big_endian(ms) + static_cast<char>(fill));
  say(fmt::format("TimeStamp: {:03d}s {:03d}ms, buff {:02d}%\r\n", ms / 1000, ms % 1000, fill));
  out_ += '\0';
}

void Powershield::send_frame(std::uint8_t kind, std::string_view payload) {
  out_ += '\xF0';
  out_ += static_cast<char>(kind);
  out_ += payload;
  out_ += "\xFF\xFF";
}

void Powershield::send_error(const std::string& text) {
  if (is_binary_) return send_frame(kErrorText, text + "\r\n");
  say("error: " + text + "\r\n");
}

void Powershield::cut_off(std::uint8_t frame, const std::string& text) {
  const bool has_payload = settings_.is_stlink && frame == kOvercurrent;
  if (is_binary_) {
    send_frame(frame, has_payload ? std::string(4, '\0') : std::string());
  } else {
    say(text + "\r\n");
  }
  supply(false);
  end_recording();
}

void Powershield::end_recording() {
  if (is_binary_) {
    send_frame(kEnd, "");
  } else {
    send_summary();
  }
  recording_.reset();
  say(settings_.is_stlink ? "end\r\n" : "\r\nPowerShield > Acquisition completed\r\n");
}

void Powershield::send_summary() {
  const double mean_a =
      recording_->samples > 0 ? recording_->sum_a / static_cast<double>(recording_->samples) : 0;
  say("summary beg\r\n");
  say(fmt::format("Current min: {:.0f}nA, max: {:.0f}nA, avg: {:.0f}nA\r\n", recording_->least_a * 1e9,
                  recording_->most_a * 1e9, mean_a * 1e9));
  say("summary end\r\n");
}

}  // namespace tinyhil::sim
