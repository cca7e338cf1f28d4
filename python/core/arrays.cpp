// SPDX-License-Identifier: Apache-2.0
#include "arrays.hpp"

#include <pybind11/stl.h>

#include "rows.hpp"

namespace tinyhil::python {

namespace {

py::tuple shape_of(const Tensor& tensor) {
  py::tuple shape(tensor.rank);
  for (std::size_t i = 0; i < tensor.rank; ++i) shape[i] = tensor.dims[i];
  return shape;
}

// Entries of a top-k output: {index, value}, as the store has them.
py::dtype entry_dtype(DType dtype) {
  py::list fields;
  fields.append(py::make_tuple("index", "<u2"));
  fields.append(py::make_tuple("value", dtype_of(dtype)));
  return py::dtype::from_args(fields);
}

py::array outputs_of(const py::object& self) {
  const auto& rows = self.cast<const Rows&>();
  const std::size_t count = rows.rows.size();
  if (rows.top_k > 0) {
    return view(entry_dtype(rows.output.dtype), {static_cast<py::ssize_t>(count), rows.top_k},
                rows.rows.outputs.data(), self);
  }
  return view(dtype_of(rows.output.dtype), batch_shape(count, rows.output), rows.rows.outputs.data(), self);
}

template <auto Column>
py::array column_of(const py::object& self) {
  return column(self.cast<const Rows&>().rows.*Column, self);
}

}  // namespace

py::dtype dtype_of(DType dtype) { return py::dtype(to_string(dtype)); }

std::vector<py::ssize_t> batch_shape(std::size_t count, const Tensor& tensor) {
  std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(count)};
  for (std::size_t i = 1; i < tensor.rank; ++i) shape.push_back(tensor.dims[i]);
  return shape;
}

void bind_arrays(py::module_& module) {
  py::class_<Tensor>(module, "Tensor")
      .def_property_readonly("shape", &shape_of)
      .def_property_readonly("dtype", [](const Tensor& tensor) { return dtype_of(tensor.dtype); })
      .def_readonly("scale", &Tensor::scale)
      .def_readonly("zero_point", &Tensor::zero_point)
      .def("__repr__", [](const Tensor& tensor) { return "<Tensor " + tensor.shape() + ">"; });
  py::class_<Rows>(module, "Rows")
      .def_property_readonly("vector", &column_of<&InferenceRows::vector>)
      .def_property_readonly("repeat", &column_of<&InferenceRows::repeat>)
      .def_property_readonly("status", &column_of<&InferenceRows::status>)
      .def_property_readonly("clock", &column_of<&InferenceRows::clock>)
      .def_property_readonly("timer", &column_of<&InferenceRows::timer>)
      .def_property_readonly("outputs", &outputs_of)
      .def_readonly("output", &Rows::output)
      .def("__len__", [](const Rows& rows) { return rows.rows.size(); });
}

}  // namespace tinyhil::python
