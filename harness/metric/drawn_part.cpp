// SPDX-License-Identifier: Apache-2.0
#include "drawn_part.hpp"

#include <vector>

namespace tinyhil::metric {

Trial drawn_part(const Trial& trial, std::span<const std::uint32_t> vectors) {
  std::vector<bool> is_drawn(trial.info.vector_count);
  for (const std::uint32_t vector : vectors) is_drawn.at(vector) = true;
  Trial part;
  part.id = trial.id;
  part.info = trial.info;
  part.state = trial.state;
  part.fault = trial.fault;
  part.drawn = vectors.size();
  part.survived = trial.survived;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < trial.rows.size(); ++row) {
    if (is_drawn.at(trial.rows.vector[row])) rows.push_back(row);
  }
  part.rows.append(trial.rows, rows);
  return part;
}

}  // namespace tinyhil::metric
