// SPDX-License-Identifier: Apache-2.0
// From checks to a finding, and the words for numbers.
#pragma once

#include <string>
#include <vector>

#include "model/verdict.hpp"

namespace tinyhil {

// The worst outcome of the checks decides (error > fail > inconclusive > pass), its first check gives the
// reason. Without checks nothing was judged: an error. id, kind and severity are filled in by judge().
Finding conclude(std::string method, std::vector<Check> checks);

// A check that could not be made.
Check error_check(std::string subject, std::string reason);

std::string percent(double ratio);                  // 0.05 -> "5 %"
std::string percent_of(double part, double whole);  // "95.0 %", "-" of nothing
std::string emulated_note(const Scorecard& card);   // " on an emulated board"; empty for a real one

}  // namespace tinyhil
