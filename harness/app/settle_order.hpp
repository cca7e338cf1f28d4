// SPDX-License-Identifier: Apache-2.0
// The order in which a run that begins draws its vectors, and whether it may: nobody gets a second chance.
#pragma once

#include "inputs.hpp"
#include "store/store.hpp"

namespace tinyhil {

// Writes sampling and seed into the record of a run that is about to begin; nothing for one that takes the
// whole set as it is. Throws Error(usage) when these vectors were looked at before, and this would be another
// look: a candidate and the baseline have run by another `sampling`, unless the same e-process only goes on
// to more vectors; the models, maybe among others, have run under another seed; or other models have run
// under the seed that the policy names. Whoever knows an order's beginning could choose the rules, the order
// or the model by it.
void settle_order(const Inputs& inputs, const Store& store, RunRecord& run);

}  // namespace tinyhil
