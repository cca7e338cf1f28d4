// SPDX-License-Identifier: Apache-2.0
// The vectors in the order in which a run shows them. A vector has two numbers (docs/glossary.md): its
// ordinal is its index in the vector file, which store and reports use; its place is its position in this
// order, which ledger, slots and device use. Both count from 0 and are equal only for a run in the file's
// order.
#pragma once

#include <cstdint>
#include <vector>

#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {

class Draw {
 public:
  // order: ordinals of the set, each at most once; empty: as they are in the set, which is not copied then
  // and must outlive the Draw.
  Draw(const VectorSet& vectors, std::vector<std::uint32_t> order);

  // Inputs and golden outputs by place; without labels and slices, which no device sees.
  const VectorSet& vectors() const { return order_.empty() ? whole_ : drawn_; }

  std::uint32_t ordinal(std::uint32_t place) const { return order_.empty() ? place : order_.at(place); }
  std::uint32_t place(std::uint32_t ordinal) const { return order_.empty() ? ordinal : places_.at(ordinal); }
  InferenceRows with_ordinals(InferenceRows rows) const;
  InferenceRows with_places(InferenceRows rows) const;

 private:
  const VectorSet& whole_;
  std::vector<std::uint32_t> order_, places_;
  VectorSet drawn_;
};

}  // namespace tinyhil
