// SPDX-License-Identifier: Apache-2.0
// The order in which a run that begins draws its vectors, and whether it may: no candidate gets a
// second chance.
#pragma once

#include <optional>

#include "campaign/inputs.hpp"
#include "store/run_store.hpp"

namespace tinyhil::campaign {

// Where the seed of an order is known before it is drawn.
struct KnownSeed {
  std::uint64_t seed;
  SeedOrigin origin;
};

// Writes sampling into the record of a run that is about to begin; nothing for one that takes the
// whole set as it is. Returns the seed, where it is the policy's or that of an earlier run of these models;
// else one is to be drawn once the run's models are stored. Vectors and models are known again by what they
// hold, in whatever file: the store remembers that of these, too. Throws Error(usage) when these vectors were
// looked at before, and this would be another look: a candidate and the baseline have run by another
// `sampling`, or by none, unless the same e-process only goes on to more vectors; some vectors of that run
// are left out; the models, maybe among others, have run in another order; or other models have run under the
// seed that the policy names. Whoever knows the results could choose the vectors, the rules, the order or the
// model by them.
std::optional<KnownSeed> settle_order(const Inputs& inputs, store::RunStore& store, RunRecord& run);

}  // namespace tinyhil::campaign
