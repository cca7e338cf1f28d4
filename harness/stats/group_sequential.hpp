// SPDX-License-Identifier: Apache-2.0
// A test that may stop at a few planned looks. Bounds for Z by error spending, K. K. G. Lan and D. L. DeMets,
// Biometrika 70 (1983) 659-663; futility by spending beta, S. Pampallona, A. A. Tsiatis and K. Kim (2001);
// computed by recursive numerical integration, C. Jennison and B. W. Turnbull, "Group Sequential Methods"
// (2000), chapter 19. As R's rpact::getDesignGroupSequential(typeOfDesign = "asOF" or "asP", bindingFutility
// = FALSE).
#pragma once

#include <span>
#include <vector>

namespace tinyhil::stats {

enum class Spending {
  obrien_fleming,  // alpha*(t) = 2 (1 - Phi(z_(1 - alpha/2) / sqrt t)): hardly anything early
  pocock,          // alpha*(t) = alpha ln(1 + (e - 1) t): about the same at each look
};

double spent(Spending spending, double alpha, double t);  // by the share t of the information, 0 <= t <= 1

// [looks] the Z to reach or exceed, one-sided, at information shares 0 < t_1 < ... <= 1. Depends on the looks
// taken so far only, so that looks may come at other times than planned. A look that may spend less than
// 1e-14 has the bound +infinity.
std::vector<double> efficacy_bounds(std::span<const double> shares, double alpha, Spending spending);

struct GroupSequential {
  // [looks] pass at Z >= this; holds its level whether futility is heeded or not
  std::vector<double> efficacy;
  std::vector<double> futility;  // [looks] give up at Z <= this; the last equals efficacy
  // Information needed, relative to the fixed design: at most; on average when the effect planned for is
  // true; on average when it is on the edge of the hypothesis.
  double inflation = 1;
  double expected_true = 1;
  double expected_null = 1;
};

// Needs at least one look, the last share 1, and 0 < alpha, beta < 0.5.
GroupSequential group_sequential(std::span<const double> shares, double alpha, double beta,
                                 Spending spending);

std::vector<double> equal_looks(std::size_t looks);  // shares 1/looks .. 1

}  // namespace tinyhil::stats
