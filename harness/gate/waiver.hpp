// SPDX-License-Identifier: Apache-2.0
// A known failure that a person answers for: which rule, where, how far beyond the limit, until when, and who
// agreed. A waiver turns a fail into waived. It turns nothing else: not an error, not an inconclusive check,
// nor a failure of which nothing was measured, such as a crash that ended the trial.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "formats/section.hpp"
#include "model/verdict.hpp"

namespace tinyhil::gate {

struct Excess {
  double amount = 0;
  Unit unit = Unit::none;  // of a Check; milliseconds for every duration
};

struct Waiver {
  std::string rule;                                         // id of a rule of the same policy
  std::optional<std::string> board, board_kind, candidate;  // what is not named may be any
  std::string reason;
  std::string owner;
  std::string approved_by;  // another person
  std::chrono::sys_days expires;
  std::vector<Excess> max_excess;  // at most one a unit

  // The first moment at which it is void: midnight UTC after the day on which it expires.
  Moment end() const { return expires + std::chrono::days(1); }
};

inline constexpr std::chrono::days kExpiresSoon{14};  // told in the reason from then on

// Throws Error(usage) with file and line.
Waiver read_waiver(const Section& section);

// How far the check lies beyond its limit, at the far end of its interval where it has one: by evidence, it
// is no further. Nothing for a check without limit or number.
std::optional<double> excess_of(const Check& check);

// Waives the failed checks of `finding` if one waiver of its rule covers them all, else says why none does.
void apply_waivers(const std::vector<Waiver>& waivers, const TrialInfo& candidate, Moment now,
                   Finding& finding);

}  // namespace tinyhil::gate
