// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <cassert>
#include <string>

#include "model/error.hpp"

namespace tinyhil {
namespace {

// thil_result_status; metric/ does not see the wire.
constexpr std::uint8_t kGood = 0;
constexpr std::uint8_t kClockSuspect = 2;

bool ordered(const InferenceRows& rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const bool same_vector = rows.vector[i - 1] == rows.vector[i];
    if (same_vector ? rows.repeat[i - 1] >= rows.repeat[i] : rows.vector[i - 1] > rows.vector[i])
      return false;
  }
  return true;
}

void check_output_size(const Trial& trial) {
  if (trial.rows.size() == 0 || trial.rows.output_size == trial.info.output.bytes()) return;
  throw Error(ExitCode::bench_fault,
              "outputs of " + std::to_string(trial.rows.output_size) +
                  " bytes are stored, but the model gives " + trial.info.output.shape(),
              "trial " + std::to_string(trial.id), "run the campaign again");
}

}  // namespace

Rows::Rows(const Trial& trial) : trial_(trial), usable_(trial.rows.size()) {
  assert(ordered(trial.rows));
  check_output_size(trial);
  for (std::size_t row = 0; row < size(); ++row) {
    const std::uint8_t status = trial.rows.status[row];
    const bool answered = status == kGood || status == kClockSuspect;
    usable_[row] = answered && !has_nan(dtype(), output(row));
  }
}

Output Rows::output(std::size_t row) const {
  const std::size_t size = trial_.rows.output_size;
  return Output(trial_.rows.outputs).subspan(row * size, size);
}

bool Rows::timed(std::size_t row) const { return usable(row) && trial_.rows.status[row] == kGood; }

std::size_t Rows::end_of_vector(std::size_t row) const {
  const std::uint32_t ordinal = vector(row);
  while (row < size() && vector(row) == ordinal) ++row;
  return row;
}

}  // namespace tinyhil
