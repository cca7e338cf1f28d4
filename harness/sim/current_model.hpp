// SPDX-License-Identifier: Apache-2.0
// The current that a simulated board draws, from what it does. Each state draws a constant current; between
// states it settles exponentially, as decoupling capacitors make it. So every charge is an exact integral,
// free of what a meter adds: the truth that measured charges are held against. Pure.
//
//   i(t) = target + (before - target) exp(-(t - change) / settling)
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace tinyhil::sim {

// Numbers as in an activity record.
enum class PowerState : std::uint8_t { active = 0, idle = 1, sleep = 2 };

struct Currents {
  double active_a = 6.2e-3;
  double idle_a = 1.5e-3;
  double sleep_a = 2.1e-6;
  double settling_s = 30e-6;

  double of(PowerState state) const;
};

// From `at_s` on.
struct BoardEvent {
  double at_s = 0;
  PowerState state = PowerState::idle;
  bool trigger = false;
};

// While the trigger pin was high.
struct TrueWindow {
  double start_s = 0;
  double end_s = 0;
  double charge_c = 0;
};

class CurrentModel {
 public:
  // Idle, with the trigger pin low, at time 0.
  explicit CurrentModel(const Currents& currents);

  // Events come in the order of time; one that is too late happens now.
  void add(const BoardEvent& event) { events_.push_back(event); }
  void supply(bool on) { supplied_ = on; }  // from now on; without, nothing flows

  // The charge from now to then, which becomes now.
  double charge_until(double then_s);
  double now_s() const { return now_s_; }
  bool trigger() const { return trigger_; }  // now
  // Windows that have ended; the oldest are forgotten beyond a million.
  const std::deque<TrueWindow>& windows() const { return windows_; }

 private:
  double piece_until(double then_s);
  void apply(const BoardEvent& event);
  double current_a() const;

  Currents currents_;
  std::deque<BoardEvent> events_;
  std::deque<TrueWindow> windows_;
  double now_s_ = 0;
  double change_s_ = 0;
  double before_a_;
  double target_a_;
  bool supplied_ = true;
  bool trigger_ = false;
  TrueWindow window_;
};

// {"windows": [{"start_s": .., "end_s": .., "charge_c": ..}, ..]}
std::string truth_json(const std::deque<TrueWindow>& windows);

}  // namespace tinyhil::sim
