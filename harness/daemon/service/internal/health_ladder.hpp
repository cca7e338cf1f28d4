// SPDX-License-Identifier: Apache-2.0
// What is done with a board that fails its check, and what with one whose last user is not trusted. Nothing
// is touched here. Example:
//
//   std::vector<StepTaken> taken;
//   while (const std::optional<Step> step = next_step(taken, means)) taken.push_back(carry_out(*step));
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tinyhil::daemon {

// Stored by its number.
enum class Step {
  repeat = 1,  // nothing but another check, with everything opened anew
  reset = 2,   // by its debug probe or flash tool
  probe = 3,   // its probe is reset, as if it were plugged in anew
  power = 4,   // its supply is switched off and on
  flash = 5,   // its flash is erased and its own firmware put there
};

const char* to_string(Step step);  // "repeat"

// Which steps the bench gives the means for; a check can always be repeated.
struct Means {
  bool reset = false;
  bool probe = false;
  bool power = false;
  bool flash = false;
  bool are_any() const { return reset || probe || power || flash; }
};

struct StepTaken {
  Step step{};
  std::string problem{};     // in carrying it out; empty: it was carried out
  std::string seen{};        // what the check after it found wrong; empty: it passed
  bool is_cleaning = false;  // before the check, after which nothing is seen yet
  bool has_helped() const { return !is_cleaning && problem.empty() && seen.empty(); }
};

std::string outcome_of(const StepTaken& taken);  // "then it failed: it is silent"

// After a failed check and these steps, of which the last did not help: repeat, reset, probe, power, each
// once and only where there are means. Nothing: the board is quarantined.
std::optional<Step> next_step(const std::vector<StepTaken>& taken, const Means& means);

// Before the check of a board that its last user may have changed: its firmware is put back, and its supply
// switched. A board that does not take its firmware is switched first and given one more chance. Nothing: it
// is_clean(), or cannot be cleaned.
std::optional<Step> next_cleaning_step(const std::vector<StepTaken>& taken, const Means& means);
bool is_clean(const std::vector<StepTaken>& taken, const Means& means);

}  // namespace tinyhil::daemon
