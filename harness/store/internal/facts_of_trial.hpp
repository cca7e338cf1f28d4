// SPDX-License-Identifier: Apache-2.0
// The facts that stand for what a RunStore is told of a trial, so that every backend keeps and chains the
// same. Bytes are lent by the nouns, which outlive the facts.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fact_clock.hpp"
#include "model/inference_rows.hpp"
#include "model/trial.hpp"
#include "store/fact.hpp"

namespace tinyhil::store {

// What a trial was about. A store has each of them once, whichever runs refer to it; a run's chain, too.
struct TrialIdentity {
  std::string_view field;  // of the trial, which holds the number
  Fact fact;
};

// begin_trial() adds these in their order, as far as they are not there, and then the trial, of which it sets
// the fields that name them.
std::vector<TrialIdentity> identities_of(const TrialInfo& info);
Fact fact_of_trial(std::int64_t run, const TrialInfo& info, FactTime started_at);
// Then, of a model with several inputs or outputs, those after the first of each.
std::vector<Fact> facts_of_further_tensors(std::int64_t trial, const TrialInfo& info);

// Of rows that are rectangular and at least one. Columns are lent as they are; one of which no value is known
// is left out.
Fact fact_of_block(std::int64_t trial, const InferenceRows& rows);

Fact fact_of_survived(std::int64_t trial, const SurvivedFault& survived, FactTime at);
Fact fact_of_trial_end(std::int64_t trial, const TrialEnd& end, FactTime ended_at);  // asserts that it ended

}  // namespace tinyhil::store
