// SPDX-License-Identifier: Apache-2.0
// What a model said to single vectors, for whoever looks at some of them. Example:
//
//   VectorAnswers answers(trial, vectors, "golden_slim");
//   const std::vector<double> output = answers.output(17);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/vector_set.hpp"
#include "rows.hpp"

namespace tinyhil::metric {

class VectorAnswers {
 public:
  // Both are lent. golden: the array of the vectors with the expected outputs, where one is named. Throws
  // Error(usage) where that is not there or of another size, Error(bench_fault) for rows that do not fit the
  // output that the trial describes.
  VectorAnswers(const Trial& trial, const VectorSet& vectors, const std::optional<std::string>& golden);

  // The output by which the vector was scored, its elements in real units, of several tensors one after the
  // other. Empty where it gave none, or where the device sent the largest elements only.
  std::vector<double> output(std::uint32_t vector) const;

  // Whether all outputs of the vector are the golden one. Nothing where none is named, or none was given.
  std::optional<bool> is_golden(std::uint32_t vector) const;

 private:
  std::size_t first_row(std::uint32_t vector) const;  // of those that are usable; rows_.size(): none
  std::size_t next_row(std::size_t row, std::uint32_t vector) const;

  Rows rows_;
  const Golden* golden_ = nullptr;
};

}  // namespace tinyhil::metric
