// SPDX-License-Identifier: Apache-2.0
// The vectors in the order in which a run shows them, and the way between the two numbers of a vector
// (model/vector_number.hpp): store and reports use its number; ledger, slots and device its position in this
// order.
#pragma once

#include <cstdint>
#include <vector>

#include "model/inference_rows.hpp"
#include "model/trial.hpp"
#include "model/vector_number.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::sampling {

class Draw {
 public:
  // order: numbers of vectors of the set, each at most once; empty: as they are in the set, which is not
  // copied then and must outlive the Draw.
  Draw(const VectorSet& vectors, std::vector<std::uint32_t> order);

  // Inputs and golden outputs by position; without labels and slices, which no device sees.
  const VectorSet& vectors() const { return order_.empty() ? whole_ : drawn_; }

  VectorNumber number(OrderPosition position) const;
  OrderPosition position(VectorNumber number) const;

  // Rows that name their vectors by position, with the numbers instead; and the other way round.
  InferenceRows with_numbers(InferenceRows rows) const;
  InferenceRows with_positions(InferenceRows rows) const;

 private:
  const VectorSet& whole_;
  std::vector<std::uint32_t> order_, positions_;
  VectorSet drawn_;
};

}  // namespace tinyhil::sampling
