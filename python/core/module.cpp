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
  module.attr("__version__") = tinyhil::campaign::kVersion;
  bind_errors(module);
  bind_arrays(module);
  bind_bench(module);
  bind_board(module);
  bind_probe(module);
  bind_energy(module);
  bind_trace(module);
  bind_store(module);
  bind_campaign(module);
  bind_campaign_run(module);
}
