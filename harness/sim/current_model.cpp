// SPDX-License-Identifier: Apache-2.0
#include "current_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tinyhil::sim {

namespace {

constexpr double kSettled = 45;  // times the settling: exp(-45) is below what a double tells beside 1
constexpr std::size_t kWindowsMax = 1'000'000;

}  // namespace

double Currents::of(PowerState state) const {
  switch (state) {
    case PowerState::active:
      return active_a;
    case PowerState::idle:
      return idle_a;
    case PowerState::sleep:
      return sleep_a;
  }
  return idle_a;
}

CurrentModel::CurrentModel(const Currents& currents)
    : currents_(currents), before_a_(currents.idle_a), target_a_(currents.idle_a) {}

double CurrentModel::current_a() const {
  const double settled = (now_s_ - change_s_) / currents_.settling_s;
  return settled > kSettled ? target_a_ : target_a_ + (before_a_ - target_a_) * std::exp(-settled);
}

double CurrentModel::piece_until(double then_s) {
  const double from = (now_s_ - change_s_) / currents_.settling_s;
  const double to = (then_s - change_s_) / currents_.settling_s;
  double charge = target_a_ * (then_s - now_s_);
  if (from <= kSettled)
    charge += (before_a_ - target_a_) * currents_.settling_s * (std::exp(-from) - std::exp(-to));
  now_s_ = then_s;
  if (!supplied_) charge = 0;
  if (trigger_) window_.charge_c += charge;
  return charge;
}

double CurrentModel::charge_until(double then_s) {
  double charge = 0;
  while (!events_.empty() && events_.front().at_s <= then_s) {
    charge += piece_until(std::max(events_.front().at_s, now_s_));
    apply(events_.front());
    events_.pop_front();
  }
  return then_s > now_s_ ? charge + piece_until(then_s) : charge;
}

void CurrentModel::apply(const BoardEvent& event) {
  before_a_ = current_a();
  target_a_ = currents_.of(event.state);
  change_s_ = now_s_;
  if (event.trigger && !trigger_) window_ = {now_s_, now_s_, 0};
  if (!event.trigger && trigger_) {
    window_.end_s = now_s_;
    windows_.push_back(window_);
    if (windows_.size() > kWindowsMax) windows_.pop_front();
  }
  trigger_ = event.trigger;
}

std::string truth_json(const std::deque<TrueWindow>& windows) {
  std::string text = "{\"windows\": [";
  for (const TrueWindow& window : windows) {
    if (text.back() == '}') text += ",";
    text += fmt::format("\n  {{\"start_s\": {:.9f}, \"end_s\": {:.9f}, \"charge_c\": {:.12e}}}",
                        window.start_s, window.end_s, window.charge_c);
  }
  return text + "]}\n";
}

}  // namespace tinyhil::sim
