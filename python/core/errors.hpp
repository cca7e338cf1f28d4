// SPDX-License-Identifier: Apache-2.0
// Our failures as the exceptions of tinyhil.errors.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>

#include "base/fault.hpp"
#include "formats/core_dump.hpp"
#include "model/device.hpp"

namespace tinyhil::python {

void bind_errors(pybind11::module_& module);  // Error becomes the class of its exit code

// Raises the DeviceFault of its kind, or DeviceCrash.
[[noreturn]] void raise(const Fault& fault, const std::optional<CrashRecord>& crash,
                        const std::optional<CoreDump>& core);

}  // namespace tinyhil::python
