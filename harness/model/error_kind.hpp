// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace tinyhil {

// What a program of ours that has ended with this code failed with; a bench fault where no kind has the code.
ErrorKind error_kind(int exit_code);

}  // namespace tinyhil
