// SPDX-License-Identifier: Apache-2.0
#include "ppk2.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "internal/ppk2_constants.hpp"
#include "internal/ppk2_front_end.hpp"

namespace tinyhil::sim {

namespace {

constexpr double kRate = 100'000;
constexpr unsigned kCounterEnd = 64;
constexpr unsigned kVddMin = 800;  // mV
constexpr unsigned kVddMax = 5000;

// As the maker's application names them.
enum Command : std::uint8_t {
  kTriggerSet = 0x01,
  kStart = 0x06,
  kStop = 0x07,
  kPower = 0x0C,
  kVoltage = 0x0D,
  kMode = 0x11,
  kMetadata = 0x19,
  kReset = 0x20,
  kGain = 0x25,
};

std::size_t command_size(std::uint8_t command) {
  switch (command) {
    case kTriggerSet:
    case kVoltage:
      return 3;
    case kPower:
    case kMode:
    case 0x02:  // AvgNumSet, SwitchPoint: nothing that is simulated here
    case 0x0E:
    case 0x0F:
      return 2;
    case kGain:
    case 0x12:  // ResUserSet
      return 6;
    default:
      return 1;
  }
}

}  // namespace

Ppk2::Ppk2(const Ppk2Settings& settings)
    : settings_(settings),
      model_(settings.currents),
      front_end_(std::make_unique<Ppk2FrontEnd>(settings_)),
      stale_(settings.stale) {
  std::ranges::sort(settings_.lose, {}, &Ppk2Loss::at_s);
  std::ranges::sort(settings_.lose_bytes, {}, &Ppk2Loss::at_s);
  model_.supply(false);
}

Ppk2::~Ppk2() = default;

double Ppk2::period_s() const { return 1 / (kRate * (1 + settings_.clock_ppm * 1e-6)); }

void Ppk2::receive(std::span<const std::uint8_t> from_host) {
  for (const std::uint8_t byte : from_host) {
    command_.push_back(byte);
    if (command_.size() < command_size(command_.front())) continue;
    act();
    command_.clear();
  }
}

void Ppk2::act() {
  const unsigned value = command_.size() > 1 ? command_[1] : 0;
  switch (command_.front()) {
    case kStart:
      return start();
    case kStop:
      streaming_ = false;
      return;
    case kPower:
      powers_ = value == 1;
      return supply();
    case kVoltage:
      vdd_mv_ = std::clamp(value << 8 | command_[2], kVddMin, kVddMax);
      return;
    case kMode:
      mode_ = value == 1 ? 1 : 2;
      return supply();
    case kMetadata:
      return answer_metadata();
    case kReset:
      return close();
    default:
      return;
  }
}

void Ppk2::supply() { model_.supply(powers_ && (mode_ == 2 || settings_.is_wired)); }

void Ppk2::close() {
  streaming_ = powers_ = false;
  command_.clear();
  to_host_.clear();
  supply();
}

void Ppk2::answer_metadata() {
  for (; stale_ > 0; --stale_) to_host_.push_back(static_cast<std::uint8_t>(stale_ * 37));
  std::string text = ppk2_constant_lines(vdd_mv_, mode_);
  text += fmt::format("Simulated: tinyhil sim ppk2, seed {}\n", settings_.seed);
  if (settings_.virtual_time) text += "Clock: virtual\n";
  text += "END";
  to_host_.insert(to_host_.end(), text.begin(), text.end());
}

void Ppk2::start() {
  streaming_ = true;
  start_s_ = model_.now_s();
  sampled_ = 0;
  lose_now_ = 0;
  next_loss_ = next_byte_loss_ = 0;
}

bool Ppk2::advance(double until_s, std::size_t samples_max) {
  if (!streaming_) {
    model_.charge_until(until_s);
    return true;
  }
  for (; samples_max > 0; --samples_max) {
    const double end = start_s_ + static_cast<double>(sampled_ + 1) * period_s();
    if (end > until_s) return true;
    send_sample(model_.charge_until(end));
  }
  return false;
}

// Losses strike in the order in which they were given.
bool Ppk2::is_lost() {
  const double at_s = static_cast<double>(sampled_) * period_s();
  if (next_loss_ < settings_.lose.size() && at_s >= settings_.lose[next_loss_].at_s)
    lose_now_ += settings_.lose[next_loss_++].count;
  if (lose_now_ == 0) return false;
  --lose_now_;
  return true;
}

void Ppk2::send_sample(double charge_c) {
  const double at_s = static_cast<double>(sampled_) * period_s();
  const bool lost = is_lost();
  std::uint32_t word = front_end_->sample(charge_c / period_s(), model_.trigger(), vdd_mv_);
  word |= static_cast<std::uint32_t>(sampled_++ % kCounterEnd) << 18;
  if (lost) return;
  std::uint64_t missing = 0;  // bytes
  if (next_byte_loss_ < settings_.lose_bytes.size() && at_s >= settings_.lose_bytes[next_byte_loss_].at_s)
    missing = settings_.lose_bytes[next_byte_loss_++].count;
  for (unsigned n = static_cast<unsigned>(std::min<std::uint64_t>(missing, 4)); n < 4; ++n)
    to_host_.push_back(static_cast<std::uint8_t>(word >> (8 * n)));
}

void Ppk2::take(std::vector<std::uint8_t>& into) {
  into.clear();
  into.swap(to_host_);
}

}  // namespace tinyhil::sim
