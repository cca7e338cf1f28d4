// SPDX-License-Identifier: Apache-2.0
#include "energy_window.hpp"

namespace tinyhil {

const char* to_string(WindowKind kind) {
  switch (kind) {
    case WindowKind::inference:
      return "inference";
    case WindowKind::idle:
      return "idle";
    case WindowKind::sleep:
      return "sleep";
  }
  return "unknown";
}

}  // namespace tinyhil
