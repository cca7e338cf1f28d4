// SPDX-License-Identifier: Apache-2.0
// A trial's rows with the question answered that every metric asks first: does this row count?
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "metric/internal/top_k.hpp"
#include "model/inference_rows.hpp"
#include "model/trial.hpp"
#include "outputs.hpp"

namespace tinyhil::metric {

// Throws Error(bench_fault) when the rows do not fit the output that the trial describes.
void check_output_size(const Trial& trial);

constexpr bool gave_output(RowStatus status) {
  return status == RowStatus::ok || status == RowStatus::clock_suspect || status == RowStatus::disturbed;
}

// Whether an output says something: no NaN; a top-k that is sound.
bool is_meaningful(const TrialInfo& info, Output output);

class Rows {
 public:
  // `trial` is lent and outlives this. Its rows are ordered by vector and repeat (asserted). Throws
  // Error(bench_fault) when they do not fit the output that the trial describes.
  explicit Rows(const Trial& trial);

  const TrialInfo& info() const { return trial_.info; }
  const InferenceRows& stored() const { return trial_.rows; }
  std::size_t size() const { return trial_.rows.size(); }
  std::uint32_t vector(std::size_t row) const { return trial_.rows.vector[row]; }
  std::uint32_t ticks(std::size_t row) const { return trial_.rows.clock[row]; }
  std::uint32_t timer(std::size_t row) const { return trial_.rows.timer[row]; }
  Output output(std::size_t row) const;                     // as stored
  std::uint32_t top_class(std::size_t row) const;           // of a usable row: its largest element
  Difference from(Output expected, std::size_t row) const;  // of a usable row from a whole output
  DType dtype() const { return trial_.info.output.front().dtype; }

  bool usable(std::size_t row) const { return usable_[row] != 0; }  // has an output that means something
  RowStatus status(std::size_t row) const { return RowStatus{trial_.rows.status[row]}; }
  bool timed(std::size_t row) const;                 // usable, and its clock is to be trusted
  std::size_t end_of_vector(std::size_t row) const;  // first row of the next vector

 private:
  TopK largest(std::size_t row) const { return TopK(dtype(), output(row)); }

  const Trial& trial_;
  std::vector<std::uint8_t> usable_;
};

}  // namespace tinyhil::metric
