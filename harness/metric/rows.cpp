// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <cassert>
#include <string>

#include "base/error.hpp"
#include "model/inference_rows.hpp"

namespace tinyhil::metric {
namespace {

bool ordered(const InferenceRows& rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const bool same_vector = rows.vector[i - 1] == rows.vector[i];
    if (same_vector ? rows.repeat[i - 1] >= rows.repeat[i] : rows.vector[i - 1] > rows.vector[i])
      return false;
  }
  return true;
}

std::string described(const TrialInfo& info) {
  if (info.top_k == 0) return info.output.shape();
  return "the " + std::to_string(info.top_k) + " largest elements of " + info.output.shape();
}

}  // namespace

void check_output_size(const Trial& trial) {
  const TensorList& output = trial.info.output;
  const std::uint16_t k = trial.info.top_k;
  const std::size_t expected = k == 0 ? output.bytes() : TopK::bytes(output.front().dtype, k);
  if (trial.rows.size() == 0 || (trial.rows.output_size == expected && k <= output.elements())) return;
  throw Error(ErrorKind::bench_fault,
              "outputs of " + std::to_string(trial.rows.output_size) +
                  " bytes are stored, but the model gives " + described(trial.info),
              "trial " + std::to_string(trial.id), "run the campaign again");
}

bool is_meaningful(const TrialInfo& info, Output output) {
  const DType dtype = info.output.front().dtype;
  if (info.top_k > 0) return TopK(dtype, output).is_sound(info.output.elements());
  return !has_nan(dtype, output);
}

Rows::Rows(const Trial& trial) : trial_(trial), usable_(trial.rows.size()) {
  assert(ordered(trial.rows));
  check_output_size(trial);
  for (std::size_t row = 0; row < size(); ++row) {
    usable_[row] = gave_output(status(row)) && is_meaningful(trial_.info, output(row));
  }
}

std::uint32_t Rows::top_class(std::size_t row) const {
  assert(usable(row));
  return trial_.info.top_k > 0 ? largest(row).element(0) : argmax(dtype(), output(row));
}

Difference Rows::from(Output expected, std::size_t row) const {
  assert(usable(row));
  return trial_.info.top_k > 0 ? difference(dtype(), expected, largest(row))
                               : difference(dtype(), expected, output(row));
}

Output Rows::output(std::size_t row) const {
  const std::size_t size = trial_.rows.output_size;
  return Output(trial_.rows.outputs).subspan(row * size, size);
}

bool Rows::timed(std::size_t row) const { return usable(row) && status(row) == RowStatus::ok; }

std::size_t Rows::end_of_vector(std::size_t row) const {
  const std::uint32_t number = vector(row);
  while (row < size() && vector(row) == number) ++row;
  return row;
}

}  // namespace tinyhil::metric
