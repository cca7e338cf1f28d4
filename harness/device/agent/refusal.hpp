// SPDX-License-Identifier: Apache-2.0
// What an answer that is not what was asked for means to a person, and what to do about it.
#pragma once

#include "base/fault.hpp"
#include "wire_traits.hpp"

namespace tinyhil {

Fault explain(const thil_refused& refusal);

// The answer breaks the protocol; `message` is its name.
Fault malformed(const char* message);

}  // namespace tinyhil
