// SPDX-License-Identifier: Apache-2.0
#include "vector_answers.hpp"

#include <algorithm>

#include "metric/internal/golden.hpp"

namespace tinyhil::metric {

VectorAnswers::VectorAnswers(const Trial& trial, const VectorSet& vectors,
                             const std::optional<std::string>& golden)
    : rows_(trial) {
  if (golden && rows_.size() != 0) golden_ = &find_golden(trial.info.output.front(), vectors, *golden);
}

std::size_t VectorAnswers::next_row(std::size_t row, std::uint32_t vector) const {
  while (row < rows_.size() && rows_.vector(row) == vector && !rows_.usable(row)) ++row;
  return row < rows_.size() && rows_.vector(row) == vector ? row : rows_.size();
}

std::size_t VectorAnswers::first_row(std::uint32_t vector) const {
  const std::vector<std::uint32_t>& numbers = rows_.stored().vector;
  const auto begin = std::ranges::lower_bound(numbers, vector);
  return next_row(static_cast<std::size_t>(begin - numbers.begin()), vector);
}

std::vector<double> VectorAnswers::output(std::uint32_t vector) const {
  const std::size_t row = first_row(vector);
  if (row == rows_.size() || rows_.info().top_k > 0) return {};
  const TensorList& tensors = rows_.info().output;
  std::vector<double> values;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Output part = rows_.output(row).subspan(tensors.offset(i), tensors[i].bytes());
    for (std::size_t element = 0; element < tensors[i].elements(); ++element)
      values.push_back(real_at(tensors[i], part, element));
  }
  return values;
}

std::optional<bool> VectorAnswers::is_golden(std::uint32_t vector) const {
  std::size_t row = first_row(vector);
  if (golden_ == nullptr || row == rows_.size()) return std::nullopt;
  for (; row != rows_.size(); row = next_row(row + 1, vector))
    if (rows_.from(output_of(*golden_, vector), row).first) return false;
  return true;
}

}  // namespace tinyhil::metric
