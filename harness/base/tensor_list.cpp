// SPDX-License-Identifier: Apache-2.0
#include "tensor_list.hpp"

#include <cassert>
#include <utility>

#include "internal/saturating.hpp"

namespace tinyhil {
TensorList::TensorList(std::vector<Tensor> tensors) : tensors_(std::move(tensors)) {
  assert(!tensors_.empty() && tensors_.size() <= kMost);
}

const Tensor& TensorList::only() const {
  assert(is_single());
  return tensors_.front();
}

Tensor& TensorList::only() {
  assert(is_single());
  return tensors_.front();
}

std::size_t TensorList::elements() const {
  std::size_t count = 0;
  for (const Tensor& tensor : tensors_) count = saturating_sum(count, tensor.elements());
  return count;
}

std::size_t TensorList::bytes() const { return offset(size()); }

std::size_t TensorList::offset(std::size_t index) const {
  assert(index <= size());
  std::size_t before = 0;
  for (std::size_t i = 0; i < index; ++i) before = saturating_sum(before, tensors_[i].bytes());
  return before;
}

std::string TensorList::shape() const {
  std::string text;
  for (std::size_t i = 0; i < size(); ++i) {
    if (i > 0) text += i + 1 < size() ? ", " : " and ";
    text += tensors_[i].shape();
  }
  return text;
}

}  // namespace tinyhil
