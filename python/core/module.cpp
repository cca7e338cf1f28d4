// SPDX-License-Identifier: Apache-2.0
// The part of the Python package that is C++: coarse, without the GIL where it waits, and out of users'
// sight. What they see is in python/tinyhil.
#include <pybind11/pybind11.h>

#include <csignal>

#include "arrays.hpp"
#include "bindings.hpp"
#include "campaign/version.hpp"
#include "errors.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace tinyhil::python;
  module.attr("__version__") = tinyhil::kVersion;
  bind_errors(module);
  bind_arrays(module);
  bind_board(module);
  bind_store(module);
  bind_campaign(module);
}
