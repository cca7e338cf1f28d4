// SPDX-License-Identifier: Apache-2.0
// What is wrong with a campaign and is known before any board is touched: asked by run, judge, plan, simulate
// and Python alike. Nothing of it is stored, overwrites a report or is ever taken for a bench fault.
#pragma once

#include <string>
#include <vector>

#include "inputs.hpp"
#include "model/bench.hpp"

namespace tinyhil::campaign {

// Where a campaign is to run; no bench: not known, and not asked about.
struct Place {
  const Bench* bench = nullptr;
  std::vector<const Board*> boards{};
};

// Everything, each with the check of the policy that it belongs to. Those that the policy does not ask about
// are left out.
std::vector<gate::Mistake> mistakes_in(const Inputs& inputs, const Place& place);

// Those that stop a campaign.
std::vector<gate::Mistake> mistakes_that_stop(const Inputs& inputs, const Place& place);

// Throws Error(usage) that lists them all.
void refuse_mistakes(const Inputs& inputs, const Place& place);

// Throws Error(usage) when a board's engine is one whose checks are known, with everything that models lack.
void refuse_unsupported(const Inputs& inputs, const std::string& engine);

// "model `slim`: operator SIN (node 3)", for engines whose checks are known; empty when it runs all of them.
std::vector<std::string> unsupported_by(const std::string& engine, const Inputs& inputs);

// Those of `mistakes` that the policy only warns of.
std::vector<gate::Mistake> warnings_among(const std::vector<gate::Mistake>& mistakes,
                                          const gate::Policy& policy);

}  // namespace tinyhil::campaign
