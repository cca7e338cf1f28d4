// SPDX-License-Identifier: Apache-2.0
// Before any statistics: is there enough to judge, and are the two sides alike in everything but what is
// under test?
#pragma once

#include <optional>
#include <string>

#include "gate/gate.hpp"

namespace tinyhil::gate {

struct Obstacle {
  Outcome outcome;
  std::string reason;
};

// What keeps every rule from judging. Nothing when both trials are whole and comparable.
std::optional<Obstacle> obstacle(const Scorecard& candidate, const Scorecard& baseline,
                                 const VectorSet& vectors);

// What keeps two latencies from being compared with each other, beyond obstacle(): empty when nothing does.
std::string unlike_modes(const TrialInfo& candidate, const TrialInfo& baseline);
std::string unlike_polling(const TrialInfo& candidate, const TrialInfo& baseline);
std::string unlike_clocks(const BoardIdentity& candidate, const BoardIdentity& baseline);

// Why a trial has nothing of the quantity to judge; `who` is "candidate". Empty when it has.
std::string unmeasured(const Scorecard& card, const Quantity& quantity, const std::string& who);

// The first of these obstacles to comparing what both measured; empty when there is none.
std::string unlike_measured(const Evidence& evidence, const Quantity& quantity);

}  // namespace tinyhil::gate
