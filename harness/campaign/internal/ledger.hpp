// SPDX-License-Identifier: Apache-2.0
// Which inferences of one model are stored, and which vectors brought its device down. Vectors are known by
// their position in the order, rows too.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "model/inference_rows.hpp"
#include "model/trial.hpp"
#include "model/vector_number.hpp"

namespace tinyhil::campaign {

class Ledger {
 public:
  Ledger(std::size_t vectors, std::size_t repeats);

  // As stored, quarantined ones included.
  void mark(const InferenceRows& rows);
  bool complete() const { return missing_ == 0; }
  std::size_t vectors_done() const { return vectors_done_; }

  // Of vectors first .. first+count-1, by vector and repeat.
  std::vector<bool> done(std::size_t first, std::size_t count) const;
  bool is_done(std::size_t first, std::size_t count) const;

  // Crashes and hangs on this vector, this one included.
  int blame(OrderPosition vector) { return ++blamed_[vector]; }
  bool is_quarantined(OrderPosition vector) const { return quarantined_.contains(vector); }
  std::size_t quarantined() const { return quarantined_.size(); }
  // Rows in place of those that the device cannot make: all that is missing of the vector, status
  // quarantined, output zero. To be stored, and marked.
  InferenceRows quarantine(OrderPosition vector, std::size_t output_size);

 private:
  std::size_t repeats_;
  std::vector<bool> cells_;                // [vector * repeats + repeat]
  std::vector<std::uint16_t> missing_of_;  // repeats, by vector
  std::size_t missing_;
  std::size_t vectors_done_ = 0;
  std::map<OrderPosition, int> blamed_;
  std::set<OrderPosition> quarantined_;
};

}  // namespace tinyhil::campaign
