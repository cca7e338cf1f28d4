// SPDX-License-Identifier: Apache-2.0
// What a device's refusal means to a person, and what to do about it.
#pragma once

#include "model/fault.hpp"
#include "wire_traits.hpp"

namespace tinyhil {

Fault explain(const thil_refused& refusal);

}  // namespace tinyhil
