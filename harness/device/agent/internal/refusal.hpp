// SPDX-License-Identifier: Apache-2.0
// What an answer that is not what was asked for means to a person, and what to do about it.
#pragma once

#include "base/fault.hpp"
#include "device/agent/wire_traits.hpp"

namespace tinyhil::device {

Fault explain(const thil_refused& refusal);

// The answer breaks the protocol; `message` is its name.
Fault malformed(const char* message);
Fault of_another_session();  // an identity with another number than the `hello` of this one

}  // namespace tinyhil::device
