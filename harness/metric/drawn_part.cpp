// SPDX-License-Identifier: Apache-2.0
#include "drawn_part.hpp"

#include <vector>

namespace tinyhil {

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
  const InferenceRows& all = trial.rows;
  part.rows.output_size = all.output_size;
  for (std::size_t row = 0; row < all.size(); ++row) {
    if (!is_drawn.at(all.vector[row])) continue;
    part.rows.vector.push_back(all.vector[row]);
    part.rows.repeat.push_back(all.repeat[row]);
    part.rows.status.push_back(all.status[row]);
    part.rows.clock.push_back(all.clock[row]);
    part.rows.timer.push_back(all.timer[row]);
    const auto output = all.outputs.begin() + static_cast<std::ptrdiff_t>(row * all.output_size);
    part.rows.outputs.insert(part.rows.outputs.end(), output,
                             output + static_cast<std::ptrdiff_t>(all.output_size));
  }
  return part;
}

}  // namespace tinyhil
