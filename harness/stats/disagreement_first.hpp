// SPDX-License-Identifier: Apache-2.0
// A claim about all of N vectors from few runs, when the outputs of both models are known from the host:
// every vector on which the host sees a difference runs on the device, and of the others a random sample. The
// sample only has to show that host and device do not differ, which takes about -ln(alpha) / share runs and
// no more.
#pragma once

#include <cstdint>

namespace tinyhil {

struct DisagreementFirst {
  std::uint64_t all = 0;        // N vectors
  std::uint64_t predicted = 0;  // of them, the host's models differ on these; all were run on the device
  std::uint64_t lost = 0;       // of the predicted, as the device has them: baseline right, candidate wrong
  std::uint64_t gained = 0;
  std::uint64_t sampled = 0;       // of the others, drawn at random and run on the device
  std::uint64_t sampled_lost = 0;  // of these, where the device lost one against the host's word
};

// Of the accuracy difference over all N vectors: (gained - lost) / N - (1 - predicted / N) * e, e the upper
// Clopper-Pearson bound of a loss among the others, at `confidence`. The predicted ones carry no sampling
// error. -1 without vectors. Gains among the others are not claimed. Needs lost + gained <= predicted and
// sampled <= the rest.
double lower_bound(const DisagreementFirst& counts, double confidence);

}  // namespace tinyhil
