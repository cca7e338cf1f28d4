// SPDX-License-Identifier: Apache-2.0
// What outcomes, rules and provenances are called, the same in every format.
#pragma once

#include <string>
#include <vector>

#include "model/bench.hpp"
#include "model/digest.hpp"
#include "model/reading.hpp"
#include "model/verdict.hpp"
#include "report.hpp"

namespace tinyhil {

// Verbs for headlines: "fails", "is inconclusive".
const char* verb_of(Outcome outcome);

// "accuracy_noninferiority" -> "accuracy noninferiority"
std::string spelled(std::string kind);

// "mps2-an386, emulated board, not silicon"
std::string describe(const BoardIdentity& board);

// A device that never said hello has no kind, and a provenance that is nobody's word.
bool is_identified(const BoardIdentity& board);

// What a latency on such a board means; empty for real silicon, where it needs no caveat.
const char* latency_caveat(const BoardIdentity& board);

// "once", "twice", "12 times"
std::string times(std::uint64_t count);

// "2 vectors are quarantined, the device crashed or hung twice on each: 17, 803"; empty without any.
std::string quarantine_of(const Scorecard& card);

// "The device crashed or hung twice, and the run went on." Empty when it did not.
std::string survived_of(const Scorecard& card);

// "12 troubles that were not the device's, such as a reset from outside." Empty without any.
std::string outside_troubles_of(const Scorecard& card);

// "whole outputs", "the 3 largest elements"
std::string results_of(const TrialInfo& info);

// "not known" for the all-zero digest of something that was never read.
std::string digest_or_unknown(const Digest& digest);

// "wake_word: v3-pruned fails, v2-wide passes"; most urgent first.
std::string headline(const Report& report);

// What the verdicts say of the A/A control, each text once; empty when none says anything.
std::vector<std::string> controls_of(const Report& report);

// "7 of 8 rules pass"
std::string tally(const Verdict& verdict);

}  // namespace tinyhil
