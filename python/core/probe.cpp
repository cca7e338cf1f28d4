// SPDX-License-Identifier: Apache-2.0
// What is done to a board beside its line: flash, reset, power cycle; the caller holds the board and has no
// line open.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "bench/board_control.hpp"
#include "bindings.hpp"

namespace tinyhil::python {

namespace py = pybind11;

namespace {

// False where the board held the image already.
bool flash(const Bench& bench, const std::string& name, const std::optional<std::filesystem::path>& image) {
  const auto control = bench::board_control(bench.board(name));  // with the GIL: sections note what was read
  const py::gil_scoped_release others_may_run;
  return control->flash({image}).is_written;
}

void reset(const Bench& bench, const std::string& name) {
  const auto control = bench::board_control(bench.board(name));
  const py::gil_scoped_release others_may_run;
  control->reset(probe::Target::Reset::run);
}

void power_cycle(const Bench& bench, const std::string& name) {
  const auto control = bench::board_control(bench.board(name));
  const py::gil_scoped_release others_may_run;
  control->power_cycle();
}

}  // namespace

void bind_probe(py::module_& module) {
  module.def("flash", &flash, py::arg("bench"), py::arg("name"), py::arg("image"));
  module.def("power_cycle", &power_cycle, py::arg("bench"), py::arg("name"));
  module.def("reset", &reset, py::arg("bench"), py::arg("name"));
}

}  // namespace tinyhil::python
