// SPDX-License-Identifier: Apache-2.0
#include "line.hpp"

#include <algorithm>
#include <cassert>

namespace tinyhil::sim {

namespace {

constexpr std::uint64_t kBitsPerByte = 10;  // start, eight of data, stop
constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::chrono::milliseconds kGranularity(1);

}  // namespace

LineClock::time_point WirePace::end() const {
  if (baud_ == 0) return start_;
  return start_ + std::chrono::nanoseconds(sent_ * kBitsPerByte * kNsPerSecond / baud_);
}

LineClock::time_point WirePace::send(LineClock::time_point arrival, std::chrono::nanoseconds silence) {
  if (arrival > end()) {
    start_ = arrival;
    sent_ = 0;
  }
  start_ += silence;
  if (baud_ == 0) return start_;
  if (++sent_ == baud_) {  // `baud` bytes take ten seconds to the nanosecond: start anew before it overflows
    start_ += std::chrono::seconds(kBitsPerByte);
    sent_ = 0;
  }
  return end();
}

void WirePace::set_baud(std::uint32_t baud) {
  if (baud == baud_) return;
  start_ = end();
  sent_ = 0;
  baud_ = baud;
}

LineDirection::LineDirection(const LineSettings& settings, std::uint64_t seed, LineWay way)
    : settings_(settings),
      way_(way),
      damage_(settings.faults, seed, way),
      text_(settings.printed),
      pace_(settings.baud) {
  assert(settings_.gather > 0 && settings_.queue > 0);
}

std::size_t LineDirection::room() const { return settings_.queue - std::min(settings_.queue, wire_.size()); }

void LineDirection::power_on(Time now) {
  booted_ = now + settings_.printed.boot;
  if (way_ == LineWay::to_host) print(settings_.printed.banner, now);
}

void LineDirection::put_on_wire(Time at) {
  for (const WireByte& byte : damaged_)
    wire_.push_back({pace_.send(at, byte.silence), byte.value, byte.lost});
  damaged_.clear();
}

// As intact as it was printed: where the faults strike does not depend on it.
void LineDirection::print(std::string_view text, Time at) {
  put_on_wire(at);
  for (const char letter : text)
    wire_.push_back({pace_.send(at, {}), static_cast<std::uint8_t>(letter), false});
  counts_.bytes_printed += text.size();
}

void LineDirection::offer(std::span<const std::uint8_t> bytes, Time now) {
  assert(bytes.size() <= room());
  counts_.bytes_offered += bytes.size();
  const bool too_fast = settings_.max_baud > 0 && pace_.baud() > settings_.max_baud;
  const bool is_deaf = way_ == LineWay::to_device && now < booted_;
  const Time at = way_ == LineWay::to_host ? std::max(now, booted_) : now;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (way_ == LineWay::to_host && !unplugged_) {
      const std::string_view text = text_.before(bytes[i]);
      if (!text.empty()) print(text, at);
    }
    if (!unplugged_ && !is_deaf) unplugged_ = !damage_.pass(bytes[i], too_fast, damaged_);
    if (unplugged_ || is_deaf) {
      counts_.bytes_unheard += bytes.size() - i;
      break;
    }
  }
  put_on_wire(at);
}

void LineDirection::hand_over(std::vector<std::uint8_t>& out) {
  out.insert(out.end(), gathered_.begin(), gathered_.end());
  gathered_.clear();
}

void LineDirection::receive(const Slot& slot, std::vector<std::uint8_t>& out) {
  if (slot.lost) return;
  if (slot.end > deadline_) hand_over(out);  // the timer ran out before this byte came
  if (gathered_.empty()) deadline_ = slot.end + settings_.latency;
  gathered_.push_back(slot.value);
  if (gathered_.size() >= settings_.gather) hand_over(out);
}

std::vector<std::uint8_t> LineDirection::take(Time now) {
  std::vector<std::uint8_t> out;
  last_take_ = now;
  while (!wire_.empty() && wire_.front().end <= now) {
    receive(wire_.front(), out);
    wire_.pop_front();
  }
  if (deadline_ <= now) hand_over(out);
  counts_.bytes_delivered += out.size();
  return out;
}

std::optional<LineDirection::Time> LineDirection::next() const {
  if (drained()) return std::nullopt;
  const Time timer = gathered_.empty() ? wire_.front().end + settings_.latency : deadline_;
  const std::size_t missing = settings_.gather - gathered_.size();
  const Time first = wire_.size() < missing ? timer : std::min(timer, wire_[missing - 1].end);
  const Time last = wire_.empty() ? timer : wire_.back().end + settings_.latency;
  return std::max(first, std::min(last, last_take_ + kGranularity));
}

void LineDirection::replug() {
  if (unplugged_) damage_.replug();
  unplugged_ = false;
}

void LineDirection::unheard(std::size_t taken) {
  counts_.bytes_delivered -= taken;
  counts_.bytes_unheard += taken;
}

LineCounts LineDirection::counts() const {
  LineCounts counts = counts_;
  counts.faults = damage_.counts();
  const auto waiting = std::ranges::count_if(wire_, [](const Slot& slot) { return !slot.lost; });
  counts.bytes_in_flight = static_cast<std::uint64_t>(waiting) + gathered_.size();
  return counts;
}

}  // namespace tinyhil::sim
