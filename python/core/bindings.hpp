// SPDX-License-Identifier: Apache-2.0
// What each file of this folder adds to the module.
#pragma once

#include <pybind11/pybind11.h>

#include "model/trial.hpp"

namespace tinyhil::python {

void bind_bench(pybind11::module_& module);
void bind_board(pybind11::module_& module);
void bind_campaign(pybind11::module_& module);
void bind_campaign_run(pybind11::module_& module);
void bind_energy(pybind11::module_& module);
void bind_probe(pybind11::module_& module);
void bind_store(pybind11::module_& module);
void bind_trace(pybind11::module_& module);

// As plain values, for tinyhil.BoardInfo.
pybind11::dict describe_board(const BoardIdentity& board);

}  // namespace tinyhil::python
