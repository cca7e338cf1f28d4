// SPDX-License-Identifier: Apache-2.0
// What outcomes, rules and provenances are called, the same in every format.
#pragma once

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "model/bench.hpp"
#include "model/reading.hpp"
#include "model/verdict.hpp"
#include "report/report.hpp"

namespace tinyhil::report {

// Verbs for headlines: "fails", "is inconclusive".
const char* verb_of(Outcome outcome);

// "accuracy_noninferiority" -> "accuracy noninferiority"
std::string spelled(std::string kind);

// "mps2-an386, emulated board, not silicon"
std::string describe(const BoardIdentity& board);

// What the mean of the task's scores is called, as a heading: "Accuracy".
std::string heading_of_scores(const VectorSet& vectors);

// False for a device that never answered hello: it has no kind, and its provenance is only the bench's claim.
bool is_identified(const BoardIdentity& board);

// What a latency on such a board means; empty for real silicon, where it needs no caveat.
const char* latency_caveat(const BoardIdentity& board);

// "once", "twice", "12 times"
std::string times(std::uint64_t count);

// "2 vectors are quarantined, the device crashed or hung twice on each: 17, 803"; empty without any.
std::string quarantine_of(const Scorecard& card);

// Whose a survived fault is; what the board said is none, and what its probe read back is none.
enum class Whose { of_the_device, from_outside, remark, read_back };
Whose whose(const SurvivedFault& survived);
std::uint64_t count_faults(const Scorecard& card);  // survived ones, without what is none

// "The device crashed or hung twice, and the run went on." Empty when it did not.
std::string survived_of(const Scorecard& card);

// "12 troubles that were not the device's, such as a reset from outside." Empty without any.
std::string outside_troubles_of(const Scorecard& card);

// "The board said on its line:" Empty when it did not.
std::string remarks_of(const Scorecard& card);

// "OpenOCD on probe 0671FF has read the firmware back, ..., 3 times"; empty when no probe has.
std::string read_back_of(const Scorecard& card);

// "whole outputs", "the 3 largest elements"
std::string results_of(const TrialInfo& info);

// "not known" for the all-zero digest of something that was never read.
std::string digest_or_unknown(const Digest& digest);

// "wake_word: v3-pruned fails, v2-wide passes"; most urgent first.
std::string headline(const Report& report);

// The digest of the policy that it was judged by.
const Digest& policy_of(const Report& report);

// "Judged by policy 0123456789ab, not by the run's own, ba9876543210." Empty when it was that one.
std::string other_policy_of(const Report& report);

// What the verdicts say of the A/A control, each text once; empty when none says anything.
std::vector<std::string> controls_of(const Report& report);

// The chance, at most, that at least one of these candidates passes and breaks a rule: the sum of their
// alphas.
double family_error(const std::vector<Verdict>& verdicts);

// The same in words, for more than one candidate; else empty.
std::string family_note(const std::vector<Verdict>& verdicts);

// "7 of 8 rules pass"
std::string tally(const Verdict& verdict);

}  // namespace tinyhil::report
