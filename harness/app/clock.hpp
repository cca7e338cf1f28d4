// SPDX-License-Identifier: Apache-2.0
// What time it is; asked once a command, handed to whatever needs it.
#pragma once

#include "model/calendar.hpp"

namespace tinyhil {

inline Moment system_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace tinyhil
