// SPDX-License-Identifier: Apache-2.0
#include "trial_tensors.hpp"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "decoded.hpp"

namespace tinyhil::store {
namespace {

constexpr std::size_t kTensorMax = std::size_t{1} << 30;  // bytes of an input or output
constexpr std::size_t kRankMax = std::tuple_size_v<decltype(Tensor::dims)>;
constexpr std::string_view kInput = "input", kOutput = "output";

void add(TensorList& list, const Tensor& tensor, std::size_t position, const CheckedRow& row) {
  std::vector<Tensor> all(list.begin(), list.end());
  if (position != all.size())
    row.refuse("it is not the one after the " + std::to_string(all.size()) + " before it");
  all.push_back(tensor);
  list = TensorList(std::move(all));
  if (list.bytes() > kTensorMax) row.refuse("tensors of " + std::to_string(list.bytes()) + " bytes");
}

}  // namespace

Tensor tensor_at(const Connection& connection, const Statement& stored, const CheckedRow& row, int column) {
  Tensor tensor;
  tensor.dtype = decoded<DType>(connection, stored.text(column));
  tensor.rank = static_cast<std::uint8_t>(row.count(column + 1, 0, kRankMax));
  for (int i = 0; i < 4; ++i) {
    tensor.dims[static_cast<std::size_t>(i)] =
        static_cast<std::uint32_t>(row.integer(column + 2 + i, 1, UINT32_MAX));
  }
  tensor.scale = row.scale(column + 6);
  tensor.zero_point = row.number<std::int32_t>(column + 7);
  if (tensor.bytes() > kTensorMax) row.refuse("a tensor of " + std::to_string(tensor.bytes()) + " bytes");
  return tensor;
}

// Not through an index, as whoever checks the chain (facts.cpp).
void load_further_tensors(Connection& connection, std::int64_t trial, TrialInfo& info) {
  Statement rows(connection,
                 "SELECT id, role, position, dtype, rank, dim0, dim1, dim2, dim3, scale, zero_point"
                 " FROM trial_tensor NOT INDEXED WHERE trial = ? ORDER BY role, position");
  rows.bind(trial);
  while (rows.step()) {
    const CheckedRow row(connection, rows, "row " + std::to_string(rows.integer(0)) + " of trial_tensor");
    const std::string role = rows.text(1);
    if (role != kInput && role != kOutput) row.refuse("its role is `" + row.text(1) + '`');
    add(role == kInput ? info.input : info.output, tensor_at(connection, rows, row, 3),
        row.count(2, 1, TensorList::kMost - 1), row);
  }
}

}  // namespace tinyhil::store
