// SPDX-License-Identifier: Apache-2.0
// What a model takes, or gives, in one inference: its tensors in the model's order, whose bytes follow each
// other. Most models take and give one, so a Tensor is a list, too, and `only()` is that one.
//
//   TensorList output = loaded.output;
//   for (std::size_t i = 0; i < output.size(); ++i) use(output[i], bytes.subspan(output.offset(i),
//   output[i].bytes()));
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tensor.hpp"

namespace tinyhil {

class TensorList {
 public:
  static constexpr std::size_t kMost = 8;  // as THIL_TENSORS_MAX

  TensorList() : tensors_(1) {}                          // of one scalar
  TensorList(const Tensor& only) : tensors_(1, only) {}  // NOLINT(google-explicit-constructor): see above
  explicit TensorList(std::vector<Tensor> tensors);      // 1 to kMost of them (asserted)

  std::size_t size() const { return tensors_.size(); }
  bool is_single() const { return tensors_.size() == 1; }
  const Tensor& operator[](std::size_t index) const { return tensors_[index]; }
  auto begin() const { return tensors_.begin(); }
  auto end() const { return tensors_.end(); }

  const Tensor& front() const { return tensors_.front(); }
  const Tensor& only() const;  // of a list of one (asserted)
  Tensor& only();

  std::size_t elements() const;  // of all tensors, as are bytes; the largest number when there is none
  std::size_t bytes() const;     // that holds it
  std::size_t offset(std::size_t index) const;  // of a tensor's bytes among all of them
  std::string shape() const;                    // "1x49x10x1 int8 and 1x6 float32"
  bool operator==(const TensorList&) const = default;

 private:
  std::vector<Tensor> tensors_;
};

}  // namespace tinyhil
