// SPDX-License-Identifier: Apache-2.0
// Several boards, each having run both versions: the unit of replication is the board, and d_j = candidate -
// baseline on board j is one observation. Two boards that differ by 1 % make "new firmware on the one, old on
// the other" a false alarm in 98 of 100 campaigns; the mean of d_j keeps its level.
#pragma once

#include <optional>
#include <span>

#include "model/scorecard.hpp"

namespace tinyhil::stats {

struct BoardEffect {
  double estimate = 0;  // of the mean change, in the unit of the values
  double se = 0;
  double degrees = 0;  // of freedom: boards - 1

  double t() const;                          // infinite when all boards agree exactly on a change, 0 on none
  double p_two_sided() const;                // 1 when all boards agree exactly on no change
  Interval bounds(double confidence) const;  // each bound alone holds with `confidence`
};

// Mean of the boards' differences with Student's t. When every board measured equally well, that is the mixed
// model y ~ version + (1|board) + (1|board:version) fitted by REML. Nothing with fewer than two boards.
std::optional<BoardEffect> paired_boards(std::span<const double> differences);

struct BoardDifference {
  double value = 0;
  double variance = 0;  // of this value, from what its board measured; > 0
};

// Does the change depend on the board?
struct BoardSpread {
  double q = 0;    // W. G. Cochran's Q, chi-square with boards - 1 degrees of freedom if it does not
  double p = 1;    // of Q
  double i2 = 0;   // share of the spread that is not measurement noise, 0 .. 1
  double tau = 0;  // standard deviation of the change between boards, DerSimonian and Laird (1986)
};

// Needs at least two boards.
BoardSpread board_spread(std::span<const BoardDifference> boards);

// For boards that measured unequally well: weights 1 / (variance + tau^2), standard error of J. Hartung and
// G. Knapp, Statistics in Medicine 20 (2001) 1771-1782. Nothing with fewer than two boards.
std::optional<BoardEffect> hartung_knapp(std::span<const BoardDifference> boards);

}  // namespace tinyhil::stats
