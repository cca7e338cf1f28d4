// SPDX-License-Identifier: Apache-2.0
// A claim about all of N vectors from few runs, when the outputs of both models are known from the host:
// every vector on which the host sees a difference runs on the device, and of the others a random sample. The
// sample only has to show that host and device do not differ, which takes about -ln(alpha) / share runs and
// no more.
#pragma once

#include <cstdint>
#include <optional>

#include "model/scorecard.hpp"

namespace tinyhil::stats {

struct DisagreementFirst {
  std::uint64_t all = 0;        // N vectors
  std::uint64_t predicted = 0;  // of them, the host's models differ on these; all were run on the device
  std::uint64_t lost = 0;       // of the predicted, as the device has them: baseline right, candidate wrong
  std::uint64_t gained = 0;
  std::uint64_t sampled = 0;       // of the others, drawn at random and run on the device
  std::uint64_t sampled_lost = 0;  // of these, where the device lost one against the host's word
  std::uint64_t sampled_gained = 0;
  std::uint64_t waiting = 0;  // of the predicted, not run yet: each may have been lost or gained

  double difference() const;  // of all, as estimated: what was not run is taken for like its own kind
};

// Of the accuracy difference over all N vectors: (gained - lost) / N - (1 - predicted / N) * e, e the upper
// Clopper-Pearson bound of a loss among the others, at `confidence`. The predicted ones carry no sampling
// error. -1 without vectors. Gains among the others are not claimed. Needs lost + gained <= predicted and
// sampled <= the rest.
double lower_bound(const DisagreementFirst& counts, double confidence);

// The same from both sides, each end with confidence 1 - alpha at all times together, however often one
// looks: what the others may have lost and gained is bounded by most_at_any_time() of rare_events.hpp. The
// difference itself once all were run. -1 .. 1 without vectors.
Interval bounds_at_any_time(const DisagreementFirst& counts, double alpha);

// Valid at any time, as paired_mean.hpp has them for one look: small, it is shown to be better than -margin,
// and to be worse. Below alpha exactly where the bound at alpha is beyond -margin.
double p_not_worse(const DisagreementFirst& counts, double margin);
double p_worse(const DisagreementFirst& counts, double margin);

// How many more, those that wait and then others, are expected to raise the lower bound above -margin if
// surprises stay as rare as they were. Nothing when all vectors would not do it.
std::optional<std::uint64_t> more_vectors(const DisagreementFirst& counts, double margin, double alpha);

}  // namespace tinyhil::stats
