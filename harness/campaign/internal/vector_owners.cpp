// SPDX-License-Identifier: Apache-2.0
#include "vector_owners.hpp"

#include <algorithm>

namespace tinyhil::campaign {
namespace {

std::vector<std::uint32_t> rows_on(const std::string& board, const std::vector<Trial>& trials,
                                   std::size_t vectors) {
  std::vector<std::uint32_t> rows(vectors);
  for (const Trial& trial : trials) {
    if (trial.info.role != TrialRole::subject || trial.info.board.name != board) continue;
    for (const std::uint32_t vector : trial.rows.vector) ++rows.at(vector);
  }
  return rows;
}

}  // namespace

VectorOwners::VectorOwners(const std::vector<Trial>& trials, const std::vector<std::string>& boards,
                           std::size_t vectors)
    : owner_(vectors) {
  std::vector<std::uint32_t> most(vectors);
  for (std::size_t board = 0; board < boards.size(); ++board) {
    const std::vector<std::uint32_t> rows = rows_on(boards[board], trials, vectors);
    ran_.emplace_back(vectors);
    for (std::size_t vector = 0; vector < vectors; ++vector) {
      ran_[board][vector] = rows[vector] > 0 && rows[vector] >= most[vector];
      if (rows[vector] <= most[vector]) continue;
      most[vector] = rows[vector];
      owner_[vector] = static_cast<std::uint16_t>(board);
      for (std::size_t earlier = 0; earlier < board; ++earlier) ran_[earlier][vector] = false;
    }
  }
}

}  // namespace tinyhil::campaign
