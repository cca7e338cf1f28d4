// SPDX-License-Identifier: Apache-2.0
// Wald's sequential probability ratio test on the vectors where the models disagree: is the candidate the
// right one half of the time (equal), or as rarely as a difference of -margin would make it? A. Wald,
// "Sequential Analysis" (1947). It needs to know how often the models disagree at most, and it always
// decides: a candidate at the edge fails or passes by chance. With too low a figure it takes a candidate far
// beyond the margin for an equal one: with 12 % of disagreements and 3 % stated it would pass four of five at
// a margin of 2 %.
#pragma once

#include "paired_mean.hpp"

namespace tinyhil::stats {

inline constexpr double kSprtBeta = 0.1;  // of a gate: an equal candidate fails at most so often

struct Sprt {
  // What a vector adds to the log likelihood ratio that only the candidate, or only the baseline, gets right.
  double when_gained = 0;
  double when_lost = 0;
  double accept = 0;       // at or above: not worse by the margin
  double reject = 0;       // at or below: worse
  double discordance = 0;  // as stated

  double ratio(const Pairs& pairs) const { return pairs.gained * when_gained + pairs.lost * when_lost; }

  // False when the models disagree on more of these pairs than was stated, by two standard errors: then they
  // are not to be judged by it.
  bool holds_for(const Pairs& pairs) const;
};

// alpha: chance to accept at a difference of -margin; beta: to reject at no difference. Needs margin <
// discordance.
Sprt sprt(double margin, double discordance, double alpha, double beta);

}  // namespace tinyhil::stats
