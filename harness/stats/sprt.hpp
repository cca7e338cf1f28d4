// SPDX-License-Identifier: Apache-2.0
// Wald's sequential probability ratio test on the vectors where the models disagree: is the candidate the
// right one half of the time (equal), or as rarely as a difference of -margin would make it? A. Wald,
// "Sequential Analysis" (1947). It must be told how often the models disagree at most, and it always decides:
// a candidate at the edge fails or passes by chance. Told too little, it takes a candidate far beyond the
// margin for an equal one: with 12 % of disagreements and 3 % stated it would pass four of five at a margin
// of 2 %.
#pragma once

#include "tango.hpp"

namespace tinyhil {

struct Sprt {
  double when_gained =
      0;  // what a vector that only the candidate gets right adds to the log likelihood ratio
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

}  // namespace tinyhil
