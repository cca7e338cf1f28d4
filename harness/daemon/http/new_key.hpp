// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tinyhil::daemon {

// An Idempotency-Key that nobody else makes, so that a question whose answer was lost can be asked again.
std::string new_key();

}  // namespace tinyhil::daemon
