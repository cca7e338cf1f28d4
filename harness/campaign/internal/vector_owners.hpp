// SPDX-License-Identifier: Apache-2.0
// Which of a run's boards ran which vectors. Of one that a board began and another one had to do again,
// because the first had failed, only the second counts: all models of a vector are taken from one board.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/trial.hpp"

namespace tinyhil::campaign {

class VectorOwners {
 public:
  // By the rows that each board's trials (TrialRole::subject) have of a vector: boards that have as many as
  // any ran it, and the first of those owns it.
  VectorOwners(const std::vector<Trial>& trials, const std::vector<std::string>& boards, std::size_t vectors);

  bool ran(std::size_t board, std::uint32_t vector) const { return ran_[board][vector]; }
  std::uint16_t owner(std::uint32_t vector) const { return owner_[vector]; }  // 0 of one that nobody ran
  const std::vector<std::uint16_t>& all() const { return owner_; }

 private:
  std::vector<std::vector<bool>> ran_;
  std::vector<std::uint16_t> owner_;
};

}  // namespace tinyhil::campaign
