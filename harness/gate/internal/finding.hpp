// SPDX-License-Identifier: Apache-2.0
// From checks to a finding, and the words for numbers. Ratios are fractions of one. Nothing here fails. A
// rule ends with, for example:
//
//   return conclude("exact bytes", {check});
#pragma once

#include <string>
#include <vector>

#include "model/verdict.hpp"

namespace tinyhil::gate {

// The worst outcome of the checks decides (error > fail > inconclusive > pass), its first check gives the
// reason. Without checks nothing was judged: an error. id, kind and severity are filled in by judge().
Finding conclude(std::string method, std::vector<Check> checks);

// A check that could not be made.
Check error_check(std::string subject, std::string reason);

// Undecided for want of vectors: n of the min_n that the policy asks for. `of` says of which: " of class
// `yes`".
Check too_few_check(std::string subject, std::uint64_t n, std::uint64_t min_n, const std::string& of = "");

// Where a limit is an upper one: pass when the whole interval keeps it, fail when the whole interval breaks
// it.
Outcome held_to(const Interval& interval, double most);

std::string percent(double ratio);         // 0.05 -> "5 %"
std::string signed_percent(double ratio);  // "+2.00 %"
// A difference of two shares in percentage points, "-18.2"; with one more digit for a limit below one point.
std::string points(double difference, double limit);
std::string percent_of(double part, double whole);  // "95.0 %", "-" of nothing
std::string emulated_note(const Scorecard& card);   // " on an emulated board"; empty for a real one

}  // namespace tinyhil::gate
