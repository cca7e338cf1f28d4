// SPDX-License-Identifier: Apache-2.0
// A bench file, and its boards, held: tinyhil.Bench is made of it.
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "bench/board_access.hpp"
#include "bench/board_wait.hpp"
#include "bindings.hpp"
#include "drive.hpp"
#include "model/bench.hpp"

namespace tinyhil::python {

namespace {

constexpr double kLongestWaitS = 1e9;  // thirty years; also where the caller has no limit

// Which of the boards it is, and its hold.
py::tuple hold_first_free_of(const std::vector<std::string>& keys, double wait_s, const std::string& where) {
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(wait_s < kLongestWaitS ? wait_s : kLongestWaitS));
  asio::io_context io(1);
  bench::FreeBoard free =
      drive(io, bench::hold_first_free(keys, std::chrono::steady_clock::now() + wait, where));
  return py::make_tuple(free.index, std::make_unique<bench::BoardHold>(std::move(*free.hold)));
}

}  // namespace

void bind_bench(py::module_& module) {
  py::class_<Board>(module, "BoardEntry")
      .def_readonly("name", &Board::name)
      .def_readonly("driver", &Board::driver)
      .def_readonly("image", &Board::image)
      .def_property_readonly("provenance", [](const Board& board) { return to_string(board.provenance); });
  py::class_<Bench>(module, "Bench")
      .def(py::init(&load_bench), py::arg("file"))
      .def_static("parse", &parse_bench, py::arg("yaml"), py::arg("file"))
      .def_readonly("file", &Bench::file)
      .def_readonly("name", &Bench::name)
      .def_readonly("boards", &Bench::boards)
      .def("key", [](const Bench& bench,
                     const std::string& name) { return bench::board_key(bench.file, bench.board(name)); })
      .def("starts_its_own", [](const Bench& bench, const std::string& name) {
        return !bench::board_access(bench.board(name))->lock_key();
      });
  py::class_<bench::BoardHold>(module, "BoardHold").def("release", [](bench::BoardHold& hold) {
    const bench::BoardHold dropped(std::move(hold));
  });
  module.def("hold_first_free", &hold_first_free_of, py::arg("keys"), py::arg("wait"), py::arg("where"));
  module.def("is_wanted", &bench::is_wanted, py::arg("key"));
}

}  // namespace tinyhil::python
