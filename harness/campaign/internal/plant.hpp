// SPDX-License-Identifier: Apache-2.0
// Faults to be planted into the results of a run, to see whether its gate notices. In memory, never in a
// store.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "campaign/inputs.hpp"
#include "model/trial.hpp"

namespace tinyhil::campaign {

// What is spoiled. The labels are a copy, too.
struct Specimen {
  const Inputs& inputs;
  std::string candidate;
  std::vector<Trial> trials;
  std::vector<std::uint16_t> labels;

  std::vector<Trial*> of(const std::string& model);  // its trials, one a board; not the control
  std::vector<Trial*> of_candidate() { return of(candidate); }
};

struct Plant {
  const char* id;    // "one_lsb"
  const char* what;  // "one element of one output off by one step"
  // Kinds of rules that are made to catch it; empty: the gate itself, whatever its rules.
  std::vector<std::string> kinds;
  // Returns why it cannot be planted here; empty: it was.
  std::string (*plant)(Specimen& specimen);
};

std::span<const Plant> plants();

// How a rule of the policy understood a key of its own: a margin, a limit; nothing when it has no such key.
std::optional<double> number_of(const gate::PolicyRule& rule, const std::string& key);

}  // namespace tinyhil::campaign
