// SPDX-License-Identifier: Apache-2.0
// What a board's debug probe does beside being its line; the caller holds the board and has no line open.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "bench/probed_board.hpp"
#include "bindings.hpp"

namespace tinyhil::python {

namespace py = pybind11;

namespace {

// False where the board held the image already.
bool flash(const Bench& bench, const std::string& name, const std::optional<std::filesystem::path>& image) {
  const Board& board = bench.board(name);
  const probe::OpenOcdSettings settings =
      bench::probe_of(board);  // with the GIL: sections note what was read
  const py::gil_scoped_release others_may_run;
  const FirmwareImage content = bench::image_to_flash(board, image);
  bench::ProbedBoard probed(name, settings);
  return probed.flash(content) == probe::Target::Flashed::now;
}

void reset(const Bench& bench, const std::string& name) {
  const probe::OpenOcdSettings settings = bench::probe_of(bench.board(name));
  const py::gil_scoped_release others_may_run;
  bench::ProbedBoard(name, settings).reset(probe::Target::Reset::run);
}

}  // namespace

void bind_probe(py::module_& module) {
  module.def("flash", &flash, py::arg("bench"), py::arg("name"), py::arg("image"));
  module.def("reset", &reset, py::arg("bench"), py::arg("name"));
}

}  // namespace tinyhil::python
