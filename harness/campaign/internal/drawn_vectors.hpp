// SPDX-License-Identifier: Apache-2.0
// A run's vectors in its order, as each model takes them: made once, for all boards that read them. Example:
//
//   const DrawnVectors drawn(vectors, order, campaign, inputs);
//   setup_of_board_1.drawn = setup_of_board_2.drawn = &drawn;
#pragma once

#include <cstdint>
#include <vector>

#include "campaign/encodings.hpp"
#include "model/campaign.hpp"
#include "model/vector_set.hpp"
#include "sampling/draw.hpp"

namespace tinyhil::campaign {

struct DrawnVectors {
  // `vectors` and the campaign are lent.
  DrawnVectors(const VectorSet& vectors, std::vector<std::uint32_t> order, const Campaign& campaign,
               const ModelInputs& inputs)
      : draw(vectors, std::move(order)), encodings(draw.vectors(), campaign, inputs) {}

  const sampling::Draw draw;
  const Encodings encodings;  // of the drawn vectors
};

}  // namespace tinyhil::campaign
