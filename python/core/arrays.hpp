// SPDX-License-Identifier: Apache-2.0
// C++ memory as read-only numpy arrays, without a copy; `owner` is kept alive by each.
#pragma once

#include <pybind11/numpy.h>

#include <vector>

#include "base/tensor_list.hpp"
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

// Of each tensor of the list an array [count, ...], whose first dimension is the batch: `bytes` has `count`
// rows of all tensors.
std::vector<py::array> views(const TensorList& list, std::size_t count, const void* bytes, py::handle owner);

std::vector<Tensor> tensors_of(const TensorList& list);

// Throws Error(usage) for a list of several, which `<what>s` has.
Tensor only_of(const TensorList& list, const std::string& what, const std::string& where);

void bind_arrays(py::module_& module);  // Tensor and InferenceRows

}  // namespace tinyhil::python
