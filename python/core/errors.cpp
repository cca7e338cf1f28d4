// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"
#include "model/exit_code.hpp"

#include "base/error.hpp"

namespace tinyhil::python {

namespace py = pybind11;

namespace {

py::object maker(const char* name) { return py::module_::import("tinyhil.errors").attr(name); }

}  // namespace

void bind_errors(py::module_& /*module*/) {
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Error& error) {
      const py::object made = maker("error_of")(static_cast<int>(exit_code(error.kind())), error.what(),
                                                error.where(), error.remedy());
      PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(made.ptr())), made.ptr());
    }
  });
}

void raise(const Fault& fault, const std::optional<CrashRecord>& crash, const std::optional<CoreDump>& core) {
  py::object record = py::none();
  if (crash) {
    record =
        maker("CrashRecord")(static_cast<std::uint32_t>(crash->cause), crash->status, crash->pc, crash->lr,
                             crash->sp, crash->vector.value, crash->repeat, crash->describe());
  }
  const char* kind = to_string(fault.kind);
  const py::object type = maker("fault_type")(kind, record);
  const py::object made = type(fault.what, fault.evidence, fault.remedy);
  made.attr("kind") = kind;
  made.attr("crash") = record;
  if (core) {
    const std::vector<std::uint8_t> file = elf_core(*core);
    made.attr("core_dump") = py::bytes(reinterpret_cast<const char*>(file.data()), file.size());
  }
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(made.ptr())), made.ptr());
  throw py::error_already_set();
}

}  // namespace tinyhil::python
