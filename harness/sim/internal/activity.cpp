// SPDX-License-Identifier: Apache-2.0
#include "activity.hpp"

#include <algorithm>
#include <numeric>

namespace tinyhil::sim {

namespace {

constexpr std::uint8_t kMark = 0xA5;
constexpr std::uint8_t kStarted = 0x80;

bool is_sound(const std::array<std::uint8_t, kActivityRecord>& record) {
  const unsigned sum = std::accumulate(record.begin(), record.end() - 1, 0U);
  const unsigned state = record[1] >> 1 & 3U;
  return record.back() == static_cast<std::uint8_t>(~sum) && state <= 2;
}

}  // namespace

void ActivityReader::restart() {
  size_ = 0;
  rate_hz_ = 0;
  number_.reset();
}

void ActivityReader::not_before(double now_s) { time_s_ = std::max(time_s_, now_s); }

void ActivityReader::push(std::span<const std::uint8_t> bytes, std::vector<BoardEvent>& events) {
  for (const std::uint8_t byte : bytes) {
    record_[size_++] = byte;
    while (size_ > 0 && (record_[0] != kMark || (size_ == kActivityRecord && !is_sound(record_)))) {
      ++skipped_;
      std::copy(record_.begin() + 1, record_.end(), record_.begin());
      --size_;
    }
    if (size_ < kActivityRecord) continue;
    size_ = 0;
    take(events);
  }
}

void ActivityReader::take(std::vector<BoardEvent>& events) {
  if (number_) missing_ += static_cast<std::uint8_t>(record_[6] - *number_ - 1);
  number_ = record_[6];
  std::uint32_t value = 0;
  for (std::size_t n = 4; n > 0; --n) value = value << 8 | record_[1 + n];
  if ((record_[1] & kStarted) != 0) {
    rate_hz_ = value;
    ticks_ = 0;
  } else if (rate_hz_ > 0) {
    time_s_ += static_cast<std::uint32_t>(value - ticks_) / rate_hz_;  // the timer wraps
    ticks_ = value;
  }
  if (rate_hz_ <= 0) return;  // its time is not known
  events.push_back({time_s_, static_cast<PowerState>(record_[1] >> 1 & 3), (record_[1] & 1) != 0});
}

}  // namespace tinyhil::sim
