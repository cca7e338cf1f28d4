// SPDX-License-Identifier: Apache-2.0
// What time it is, in UTC and whole seconds. A command asks once and hands the answer on, so that everything
// in it happens at one moment and a test can choose the moment.
#pragma once

#include "calendar.hpp"

namespace tinyhil {

inline Moment system_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace tinyhil
