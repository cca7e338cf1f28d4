// SPDX-License-Identifier: Apache-2.0
#include "draw.hpp"

#include <cassert>
#include <utility>

#include "model/inference_rows.hpp"

namespace tinyhil::sampling {
namespace {

std::vector<std::uint8_t> reordered(const std::vector<std::uint8_t>& bytes, std::size_t each,
                                    const std::vector<std::uint32_t>& order) {
  std::vector<std::uint8_t> result;
  result.reserve(bytes.size());
  for (const std::uint32_t number : order) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(number * each);
    result.insert(result.end(), begin, begin + static_cast<std::ptrdiff_t>(each));
  }
  return result;
}

}  // namespace

Draw::Draw(const VectorSet& vectors, std::vector<std::uint32_t> order)
    : whole_(vectors), order_(std::move(order)) {
  if (order_.empty()) return;
  assert(order_.size() <= vectors.count);
  positions_.resize(vectors.count);
  for (std::uint32_t at = 0; at < order_.size(); ++at) positions_.at(order_[at]) = at;
  drawn_.file = vectors.file;
  drawn_.digest = vectors.digest;
  drawn_.count = order_.size();
  drawn_.input = vectors.input;
  drawn_.inputs = reordered(vectors.inputs, vectors.input.bytes(), order_);
  for (const auto& [name, golden] : vectors.golden) {
    Golden& drawn = drawn_.golden[name] = golden;
    drawn.outputs = reordered(golden.outputs, golden.bytes_each, order_);
  }
}

VectorNumber Draw::number(OrderPosition position) const {
  return {order_.empty() ? position.value : order_.at(position.value)};
}

OrderPosition Draw::position(VectorNumber number) const {
  return {order_.empty() ? number.value : positions_.at(number.value)};
}

InferenceRows Draw::with_numbers(InferenceRows rows) const {
  for (std::uint32_t& vector : rows.vector) vector = number(OrderPosition{vector}).value;
  return rows;
}

InferenceRows Draw::with_positions(InferenceRows rows) const {
  for (std::uint32_t& vector : rows.vector) vector = position(VectorNumber{vector}).value;
  return rows;
}

}  // namespace tinyhil::sampling
