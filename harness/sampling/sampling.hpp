// SPDX-License-Identifier: Apache-2.0
// In which order a campaign runs its vectors, and when it may end before the last: `sampling` of the policy.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "formats/section.hpp"
#include "model/run_sampling.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::sampling {

struct Sampling {
  DrawOrder order = DrawOrder::random;
  StopRule stop = StopRule::e_process;
  Claim claim = Claim::unseen;
  std::optional<std::uint64_t> seed;  // of the order; nothing: each run draws one
  std::optional<double> discordance;  // expected share of vectors on which the models disagree
  std::uint64_t min_vectors = 64;     // before the first look
  std::optional<std::uint64_t> max_vectors;
  std::optional<std::chrono::nanoseconds> max_device_time;

  static Sampling all_at_once();  // the whole set in its own order, one look
  bool is_all_at_once() const;
};

// Throws Error(usage) with file and line for what contradicts itself.
Sampling read_sampling(const Section& section);

// What the evidence of a run by these rests on, but for the vectors that the host chose.
RunSampling rules_of(const Sampling& sampling);

// How many vectors are drawn in the end: max_vectors of the set.
std::uint64_t most_vectors(const Sampling& sampling, std::uint64_t count);

// After how many vectors one looks, ascending, the last is most_vectors(). The e-process and the SPRT look
// again after a sixteenth more, the group sequential design five times, `never` once.
// With DrawOrder::disagreement_first `chosen` vectors come first; before some of the others were run there is
// nothing to see, and looks come closer, by a sixteenth of the others.
std::vector<std::uint64_t> looks(const Sampling& sampling, std::uint64_t count, std::uint64_t chosen = 0);

// Ordinals of the set in the order in which they are run. The same for equal arguments on every machine.
// `chosen`: those that DrawOrder::disagreement_first has first, each once.
std::vector<std::uint32_t> draw_order(DrawOrder order, std::uint64_t seed, const VectorSet& vectors,
                                      const std::vector<std::uint32_t>& chosen = {});

}  // namespace tinyhil::sampling
