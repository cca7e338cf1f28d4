// SPDX-License-Identifier: Apache-2.0
// How a check is read, for all who put it into words or pictures.
#pragma once

#include <optional>

#include "verdict.hpp"

namespace tinyhil {

// Which values the limit allows. Where the rule does not say, its outcome tells: a pass lies on the allowed
// side, a fail does not. Where neither tells, a limit below zero bounds a loss and any other a cost.
Allowed allowed_side(const Check& check);

// The end of the interval that must keep the limit for a pass; of an exact check, its value. Nothing where
// there is none, and where the interval goes on without end.
std::optional<double> deciding_bound(const Check& check);

// How far `value` lies on the allowed side of the limit, negative beyond it. Needs a limit.
double room(const Check& check, double value);

// A finding over differences of accuracy, which read as percentage points.
bool is_difference(const Finding& finding);

// The check that gave the finding its outcome, the first of the most urgent; nullptr without checks.
const Check* deciding_check(const Finding& finding);

}  // namespace tinyhil
