// SPDX-License-Identifier: Apache-2.0
#include "rate_check.hpp"

#include <algorithm>
#include <cmath>

namespace tinyhil::meter {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSmallLoss{1000};  // no arrival in time for so long means a loss
constexpr milliseconds kLargeLoss{250};
constexpr double kLarge = 4;  // steps
constexpr int kArrivals = 8;  // of them at least

double seconds(RateCheck::Time time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

RateCheck::Outcome RateCheck::arrival(std::uint64_t end, Time now) {
  const bool is_first = !first_;
  if (is_first) first_ = now;
  const double value = seconds(now - *first_) - static_cast<double>(end + lost_) / settings_.rate_hz;
  const double delay = is_first ? 0 : value - line_ - settings_.drift * seconds(now - line_at_);
  if (delay <= tolerance()) {
    if (delay <= 0) {
      line_ = value;
      line_at_ = now;
    }
    late_.reset();
    return {Finding::in_time, end, 0};
  }
  note_late(end, now, delay);
  if (!is_decided(now)) return {Finding::late, end, 0};
  const double step_s = static_cast<double>(settings_.step) / settings_.rate_hz;
  const auto steps = static_cast<std::uint64_t>(std::max(1.0, std::round(late_->least / step_s)));
  const Outcome loss{Finding::loss, late_->end, steps * settings_.step};
  lost_ += loss.lost;
  late_.reset();
  return loss;
}

void RateCheck::note_late(std::uint64_t end, Time now, double delay) {
  if (!late_) late_ = Late{now, 0, delay, end, delay};
  ++late_->arrivals;
  late_->least = std::min(late_->least, delay);
  if (late_->end_delay <= late_->least + tolerance()) return;
  late_->end = end;
  late_->end_delay = delay;
}

bool RateCheck::is_decided(Time now) const {
  const bool large = late_->least >= 2 * kLarge * tolerance();
  return late_->arrivals >= kArrivals && now - late_->since >= (large ? kLargeLoss : kSmallLoss);
}

}  // namespace tinyhil::meter
