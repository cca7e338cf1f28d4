// SPDX-License-Identifier: Apache-2.0
#include "arrays.hpp"

#include <pybind11/stl.h>

#include "base/error.hpp"
#include "base/quantise.hpp"
#include "metric/rows.hpp"
#include "model/inference_rows.hpp"
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

std::vector<py::array> outputs_of(const py::object& self) {
  const auto& rows = self.cast<const Rows&>();
  const std::size_t count = rows.rows.size();
  if (rows.top_k > 0) {
    return {view(entry_dtype(rows.output.only().dtype), {static_cast<py::ssize_t>(count), rows.top_k},
                 rows.rows.outputs.data(), self)};
  }
  return views(rows.output, count, rows.rows.outputs.data(), self);
}

DType dtype_named(const std::string& name) {
  for (const DType dtype : {DType::int8, DType::uint8, DType::int16, DType::int32})
    if (name == to_string(dtype)) return dtype;
  throw Error(ErrorKind::usage, "no model takes quantised " + name, "quantise",
              "give int8, uint8, int16 or int32");
}

// Finite floats as integers of that type; a contiguous array of the same shape.
py::array quantised(const py::array_t<float, py::array::c_style>& real, const py::dtype& dtype, float scale,
                    std::int32_t zero_point) {
  py::array made(dtype, std::vector<py::ssize_t>(real.shape(), real.shape() + real.ndim()));
  Tensor from, to;
  from.dtype = DType::float32;
  to.dtype = dtype_named(py::str(dtype));
  to.scale = scale;
  to.zero_point = zero_point;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(real.data());
  auto* place = static_cast<std::uint8_t*>(made.mutable_data());
  const auto size = static_cast<std::size_t>(real.nbytes()),
             made_size = static_cast<std::size_t>(made.nbytes());
  py::gil_scoped_release others_may_run;
  convert(from, {bytes, size}, to, {place, made_size});
  return made;
}

// A batch of one is the vectors' own dimension; of another first dimension an element of that many.
std::vector<py::ssize_t> batch_shape(std::size_t count, const Tensor& tensor) {
  std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(count)};
  for (std::size_t i = tensor.dims[0] == 1 ? 1 : 0; i < tensor.rank; ++i) shape.push_back(tensor.dims[i]);
  return shape;
}

// Rows are `row_bytes` apart, what is within one follows each other.
std::vector<py::ssize_t> batch_strides(const std::vector<py::ssize_t>& shape, std::size_t row_bytes,
                                       std::size_t element) {
  std::vector<py::ssize_t> strides(shape.size(), static_cast<py::ssize_t>(element));
  for (std::size_t i = shape.size() - 1; i-- > 1;) strides[i] = strides[i + 1] * shape[i + 1];
  strides[0] = static_cast<py::ssize_t>(row_bytes);
  return strides;
}

// One entry of kRowColumns.
struct ColumnEntry {
  const char* name;
  const char* unit;
  const char* meaning;
  std::optional<std::int64_t> missing;
};

std::vector<ColumnEntry> row_columns() {
  std::vector<ColumnEntry> entries;
  for_each_row_column([&](const auto& each) {
    std::optional<std::int64_t> missing;
    if (each.missing) missing = static_cast<std::int64_t>(*each.missing);
    entries.push_back({each.name, to_string(each.unit).data(), each.meaning, missing});
  });
  return entries;
}

void bind_rows(py::module_& module) {
  py::class_<ColumnEntry>(module, "RowColumn")
      .def_readonly("name", &ColumnEntry::name)
      .def_readonly("unit", &ColumnEntry::unit)
      .def_readonly("meaning", &ColumnEntry::meaning)
      .def_readonly("missing", &ColumnEntry::missing);
  module.def("row_columns", &row_columns);
  py::class_<Rows> rows(module, "Rows");
  for_each_row_column([&](const auto& each) {
    if (each.is_output) return;
    const auto values = each.values;
    rows.def_property_readonly(each.name, [values](const py::object& self) {
      return column(self.cast<const Rows&>().rows.*values, self);
    });
  });
  rows.def_property_readonly("outputs", &outputs_of)
      .def_property_readonly("tensors", [](const Rows& of) { return tensors_of(of.output); })
      .def("__len__", [](const Rows& of) { return of.rows.size(); });
}

// Every RowStatus's name, by its number, and the numbers of rows without an output.
void bind_statuses(py::module_& module) {
  py::list names;
  py::list unanswered;
  for (int number = 0; number <= static_cast<int>(RowStatus::quarantined); ++number) {
    const auto status = static_cast<RowStatus>(number);
    names.append(to_string(status));
    if (!metric::gave_output(status)) unanswered.append(number);
  }
  module.attr("STATUS") = py::tuple(names);
  module.attr("UNANSWERED") = py::tuple(unanswered);
}

}  // namespace

py::dtype dtype_of(DType dtype) { return py::dtype(to_string(dtype)); }

std::vector<py::array> views(const TensorList& list, std::size_t count, const void* bytes, py::handle owner) {
  std::vector<py::array> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::vector<py::ssize_t> shape = batch_shape(count, list[i]);
    const auto* first = static_cast<const std::uint8_t*>(bytes) + (count == 0 ? 0 : list.offset(i));
    py::array array(dtype_of(list[i].dtype), shape,
                    batch_strides(shape, list.bytes(), size_of(list[i].dtype)), first, owner);
    array.attr("setflags")(py::arg("write") = false);
    all.push_back(std::move(array));
  }
  return all;
}

std::vector<Tensor> tensors_of(const TensorList& list) { return {list.begin(), list.end()}; }

Tensor only_of(const TensorList& list, const std::string& what, const std::string& where) {
  if (list.is_single()) return list.only();
  throw Error(ErrorKind::usage, "there are " + std::to_string(list.size()) + ' ' + what + "s, not one", where,
              "use `" + what + "s`, a list of all");
}

void bind_arrays(py::module_& module) {
  bind_statuses(module);
  py::class_<Tensor>(module, "Tensor")
      .def_property_readonly("shape", &shape_of)
      .def_property_readonly("dtype", [](const Tensor& tensor) { return dtype_of(tensor.dtype); })
      .def_readonly("scale", &Tensor::scale)
      .def_readonly("zero_point", &Tensor::zero_point)
      .def("__repr__", [](const Tensor& tensor) { return "<Tensor " + tensor.shape() + ">"; });
  module.def("quantise", &quantised, py::arg("real"), py::arg("dtype"), py::arg("scale"),
             py::arg("zero_point"));
  bind_rows(module);
}

}  // namespace tinyhil::python
