// SPDX-License-Identifier: Apache-2.0
// Paired bounds as a table: which numbers of losses pass, and which fail, beside each number of gains. For
// thousands of simulated campaigns of one size, where each p-value would be computed over and over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stats/paired_mean.hpp"

namespace tinyhil::gate {

class DecisionTable {
 public:
  DecisionTable(std::uint64_t n, double margin, double alpha);

  // Of whole counts among n pairs. Grows the table by what is missing.
  bool passes(const stats::Pairs& pairs);
  bool fails(const stats::Pairs& pairs);

 private:
  void grow(std::size_t gained);

  double n_, margin_, alpha_;
  std::vector<double> most_passing_;    // losses, by gains; -1: none
  std::vector<double> fewest_failing_;  // losses, by gains; beyond n: none
};

}  // namespace tinyhil::gate
