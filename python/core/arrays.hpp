// SPDX-License-Identifier: Apache-2.0
// C++ memory as read-only numpy arrays, without a copy; `owner` is kept alive by each.
#pragma once

#include <pybind11/numpy.h>

#include <vector>

#include "base/tensor.hpp"
#include "model/trial.hpp"

namespace tinyhil::python {

namespace py = pybind11;

inline py::array view(py::dtype dtype, std::vector<py::ssize_t> shape, const void* bytes, py::handle owner) {
  py::array array(std::move(dtype), std::move(shape), bytes, owner);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

template <class T>
py::array column(const std::vector<T>& values, py::handle owner) {
  return view(py::dtype::of<T>(), {static_cast<py::ssize_t>(values.size())}, values.data(), owner);
}

py::dtype dtype_of(DType dtype);

// [count, ...] elements of tensors whose first dimension is the batch.
std::vector<py::ssize_t> batch_shape(std::size_t count, const Tensor& tensor);

void bind_arrays(py::module_& module);  // Tensor and InferenceRows

}  // namespace tinyhil::python
