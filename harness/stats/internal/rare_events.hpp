// SPDX-License-Identifier: Apache-2.0
// How many of a finite number of things are of a rare kind, by drawing them in random order without
// replacement, valid however often one looks: the ratio of a mixture's likelihood to that of each possible
// total is a nonnegative martingale which starts at 1 where that total is the true one (I. Waudby-Smith and
// A. Ramdas, "Confidence sequences for sampling without replacement", NeurIPS 2020). The mixture bets 4 in 5
// that there is none at all, so that as long as none is seen, looking at any time costs a factor of 5/4 over
// one look; the rest is Jeffreys' prior, for surprises.
#pragma once

#include <cstdint>

namespace tinyhil::stats {

struct RareDraws {
  std::uint64_t of = 0;     // things there are
  std::uint64_t drawn = 0;  // at most all of them
  std::uint64_t seen = 0;   // of these, of the kind; at most drawn
};

// Natural logarithm of the e-value against "there are `total` of them or more": infinite where the draws have
// ruled it out, 0 where they speak for it.
double log_against_at_least(const RareDraws& draws, std::uint64_t total);

// The largest total that no look ever, this one included, rules out but with probability alpha: what was seen
// once all were drawn, all that there may be before the first.
std::uint64_t most_at_any_time(const RareDraws& draws, double alpha);

}  // namespace tinyhil::stats
