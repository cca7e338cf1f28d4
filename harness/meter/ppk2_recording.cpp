// SPDX-License-Identifier: Apache-2.0
#include "ppk2_recording.hpp"

namespace tinyhil::meter {

void Ppk2Recording::push(std::span<const std::uint8_t> bytes) {
  stream_.push(bytes);
  settled_ = !clocked_;
  if (settled_) held_.release();
  if (held_.full()) held_.drop_before(held_.end(), 0);
}

void Ppk2Recording::push(std::span<const std::uint8_t> bytes, RateCheck::Time now) {
  push(bytes);
  if (!clocked_ || held_.end() == lost_by_clock_) return;  // no sample yet
  const RateCheck::Outcome outcome = check_.arrival(held_.end() - lost_by_clock_, now);
  settled_ = outcome.finding == RateCheck::Finding::in_time;
  if (settled_) held_.release();
  if (outcome.finding == RateCheck::Finding::loss) {
    held_.drop_before(outcome.end + lost_by_clock_, outcome.lost);
    lost_by_clock_ += outcome.lost;
  }
}

void Ppk2Recording::finish() {
  stream_.finish();
  if (!settled_) held_.drop_before(held_.end(), 0);
  held_.release();
}

}  // namespace tinyhil::meter
